//! The command line as `--help`, the man pages and the completions show it: commands in groups, and only the options that
//! a command has a use for. Begin with [`command`].

use super::Cli;
use clap::{Arg, ArgAction, Command, CommandFactory};

/// The heading of the options that several commands have.
pub const COMMON: &str = "Common options";

/// The commands by what they are for.
const GROUPS: [(&str, &[&str]); 3] = [
    ("Run", &["run", "batch", "oif", "mcp"]),
    ("Check", &["actions", "explain", "doctor", "sandbox"]),
    (
        "Develop",
        &[
            "schema",
            "manifest",
            "record",
            "replay",
            "completions",
            "man",
        ],
    ),
];

/// The commands that reach Zoom: the common options are theirs.
const REACH_ZOOM: [&str; 6] = ["run", "batch", "oif", "mcp", "doctor", "record"];

/// Returns the command line's definition.
pub fn command() -> Command {
    let command = Cli::command();
    let groups: String = GROUPS
        .iter()
        .map(|(group, names)| format!("{group}:\n{}\n", listed(&command, names)))
        .collect();
    let template = format!(
        "{{about-with-newline}}\n{{usage-heading}} {{usage}}\n\n{groups}Options:\n{{options}}{{after-help}}"
    );
    command
        .help_template(template)
        .mut_subcommands(|subcommand| match subcommand.get_name() {
            name if REACH_ZOOM.contains(&name) => subcommand,
            _ => without_common(subcommand),
        })
}

/// Returns the lines of the commands called `names`.
fn listed(command: &Command, names: &[&str]) -> String {
    let line = |name: &&str| {
        let about = command.find_subcommand(name)?.get_about()?;
        Some(format!("  {name:<11}  {about}\n"))
    };
    names.iter().filter_map(line).collect()
}

/// Returns `command` with the common options out of sight. They are still read, so that their refusal can say why.
fn without_common(command: Command) -> Command {
    let hidden = [
        Arg::new("sandbox").long("sandbox"),
        Arg::new("secrets_from_env").long("secrets-from-env"),
        Arg::new("compact").long("compact"),
    ];
    command.args(hidden.map(|option| option.action(ArgAction::SetTrue).global(true).hide(true)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn help_lists_each_command_once_in_a_line_that_fits() {
        let command = command();
        let shown: BTreeSet<&str> = command
            .get_subcommands()
            .filter(|subcommand| !subcommand.is_hide_set())
            .map(Command::get_name)
            .collect();
        let listed: Vec<&str> = GROUPS
            .iter()
            .flat_map(|(_, names)| *names)
            .copied()
            .collect();
        assert_eq!(listed.len(), shown.len());
        assert_eq!(listed.into_iter().collect::<BTreeSet<_>>(), shown);
    }

    #[test]
    fn help_breaks_no_example_at_a_terminal_of_86_columns() {
        let command = command();
        for command in std::iter::once(&command).chain(command.get_subcommands()) {
            let examples = command.get_after_help().map(ToString::to_string);
            for line in examples.unwrap_or_default().lines() {
                assert!(line.chars().count() <= 86, "{line}");
            }
        }
    }

    #[test]
    fn help_shows_common_options_where_they_have_a_use() {
        let mut command = command();
        command.build();
        for subcommand in command.get_subcommands_mut() {
            let name = subcommand.get_name().to_owned();
            let help = subcommand.render_help().to_string();
            let is_shown = help.contains("--secrets-from-env");
            assert_eq!(
                is_shown,
                REACH_ZOOM.contains(&name.as_str()),
                "{name}: {help}"
            );
        }
    }
}
