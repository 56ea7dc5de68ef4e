//! The examples that `--help` shows. A test runs every line of them.

/// Below `zoom-runner --help`.
pub const TOP: &str = "\
Without a command: answers one JSON request on stdin.
`zoom-runner COMMAND --help` shows a command's options and examples.

Exit codes: 0 success, 1 failed, 2 wrong input, 70 a bug, 75 try again later.

Examples:
  zoom-runner run list_users limit=2 --sandbox
  zoom-runner actions delete_meeting
  zoom-runner < request.json
  echo '{\"action\": \"list_users\"}' | zoom-runner --sandbox
  zoom-runner explain missing_scope";

/// Below `zoom-runner sandbox --help`.
pub const SANDBOX: &str = "\
Prints the resource that reaches it as its first line.

Examples:
  zoom-runner sandbox --users 500 --latency 80
  zoom-runner sandbox --plan free --fault 503:0.1 --log
  zoom-runner sandbox --granted-scopes 'user:read:user:admin'";

/// Returns the table of who lives in the sandbox, and the same below it.
pub fn sandbox_and_residents() -> String {
    format!("{}\n\n{SANDBOX}", crate::sandbox::residents_help())
}

/// Below `zoom-runner run --help`.
pub const RUN: &str = "\
A value is read as its parameter's type says; NAME:=JSON gives JSON.

Examples:
  zoom-runner run list_users limit=2 --sandbox
  zoom-runner run update_user user_id=jane@example.com dept=Legal --sandbox
  zoom-runner run update_user_settings user_id=jane@example.com \\
    'settings:={\"in_meeting\": {\"chat\": false}}' --sandbox
  zoom-runner run get_user user_id=jane@example.com --sandbox --compact";

/// Below `zoom-runner batch --help`.
pub const BATCH: &str = "\
Exit code 0 when every line succeeded, else 1; 2 for wrong arguments or a wrong
resource file.

--skip-done and >> may name the same file; > would empty it first. A line that
failed is run again, also a change that may have been made (error.change).

Examples:
  zoom-runner batch --resource resource.json < requests.jsonl
  zoom-runner batch --resource resource.json --ordered --workers 8 \\
    < requests.jsonl > answers.jsonl
  zoom-runner batch --resource resource.json --skip-done answers.jsonl \\
    < requests.jsonl >> answers.jsonl
  zoom-runner batch --resource resource.json --plan pro --workers 16 \\
    < requests.jsonl > answers.jsonl";

/// Below `zoom-runner mcp --help`.
pub const MCP: &str = "\
Credentials come from --resource FILE, or from ZOOM_CLIENT_ID, ZOOM_CLIENT_SECRET,
ZOOM_ACCOUNT_ID and so on.

Examples:
  zoom-runner mcp --sandbox < /dev/null
  zoom-runner mcp --sandbox --changes --confirm require < /dev/null";

/// Below `zoom-runner oif --help`.
pub const OIF: &str = "\
Each resource field and parameter is the variable of exactly its name. A request that
was printed runs with `zoom-runner --secrets-from-env < request.json` where the
variables of its secrets are set.

Examples:
  user_id=jane@example.com zoom-runner oif get_user --print-request";

/// Below `zoom-runner actions --help`.
pub const ACTIONS: &str = "\
Examples:
  zoom-runner actions
  zoom-runner actions delete_meeting
  zoom-runner actions --json";

/// Below `zoom-runner schema --help`.
pub const SCHEMA: &str = "\
Examples:
  zoom-runner schema request
  zoom-runner schema update_meeting.input";

/// Below `zoom-runner manifest --help`.
pub const MANIFEST: &str = "\
Examples:
  zoom-runner manifest
  zoom-runner manifest --out upload --image registry.example.com/zoom-runner:1";

/// Below `zoom-runner explain --help`.
pub const EXPLAIN: &str = "\
Examples:
  zoom-runner explain not_applied
  zoom-runner explain";

/// Below `zoom-runner record --help`.
pub const RECORD: &str = "\
Examples:
  zoom-runner record recorded < request.json";

/// Below `zoom-runner replay --help`.
pub const REPLAY: &str = "\
Exit code 1 when something differs, 2 when a path is no fixture.

Examples:
  zoom-runner replay tests/fixtures/get_user/not_found.json
  zoom-runner replay tests/fixtures --filter rate_limited";

/// Below `zoom-runner doctor --help`.
pub const DOCTOR: &str = "\
Exit code 0 when all is well, warnings or not; else that of the first failed check.

Examples:
  zoom-runner doctor < resource.json
  zoom-runner doctor < request.json
  zoom-runner doctor --json < resource.json";

/// Below `zoom-runner completions --help`.
pub const COMPLETIONS: &str = "\
Examples:
  zoom-runner completions bash > zoom-runner.bash
  zoom-runner completions zsh > _zoom-runner
  zoom-runner completions fish > zoom-runner.fish";

/// Below `zoom-runner man --help`.
pub const MAN: &str = "\
Examples:
  zoom-runner man > zoom-runner.1
  zoom-runner man --out man1";
