//! The official Python client in front of the tool server, in both eras.

use serde_json::{Value, json};
use std::process::Command;

/// Talks in the era of its argument; prints what it saw as JSON.
const CLIENT: &str = r#"
import asyncio, json, sys
from mcp import Client, ClientSession, StdioServerParameters, stdio_client
from mcp.types import ElicitResult

server = StdioServerParameters(command=sys.argv[1], args=["mcp", "--sandbox", "--changes", "--confirm", "require"])
asked = []

async def elicit(context, params):
    asked.append(params.message)
    return ElicitResult(action="accept", content={"confirm": True})

async def use(client):
    tools = await client.list_tools()
    read = await client.call_tool("get_user", {"user_id": "jane@example.com"})
    change = await client.call_tool("update_user", {"user_id": "user2@example.com", "dept": "New"})
    many = [client.call_tool("get_user", {"user_id": f"user{n}@example.com"}) for n in range(2, 14)]
    many = await asyncio.gather(*many)
    print(json.dumps({
        "tools": len(tools.tools),
        "read": read.structured_content["message"],
        "change": change.structured_content["status"],
        "asked": asked,
        "many": [one.is_error for one in many],
    }))

async def stateless():
    async with Client(stdio_client(server), elicitation_callback=elicit) as client:
        await use(client)

async def older():
    async with stdio_client(server) as (read, write):
        async with ClientSession(read, write, elicitation_callback=elicit) as session:
            await session.initialize()
            await use(session)

asyncio.run({"stateless": stateless, "older": older}[sys.argv[2]]())
"#;

#[test]
#[ignore = "needs mcp (PyPI)"]
fn official_client_reads_and_changes_in_both_eras() {
    let python = crate::wide::python();
    for era in ["stateless", "older"] {
        let output = Command::new(&python)
            .args(["-c", CLIENT, env!("CARGO_BIN_EXE_zoom-runner"), era])
            .output()
            .unwrap();
        let errors = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{era}: {errors}");

        let saw: Value = serde_json::from_slice(&output.stdout).unwrap();
        assert_eq!(saw["tools"], zoom_runner::actions::all().count(), "{era}");
        assert_eq!(saw["read"], "Found user jane@example.com.", "{era}");
        assert_eq!(saw["change"], "success", "{era}: {saw}");
        assert_eq!(saw["many"], json!(vec![false; 12]), "{era}: {saw}");
        let asked = saw["asked"].as_array().unwrap();
        assert_eq!(asked.len(), 1, "{era}");
        assert!(
            asked[0]
                .as_str()
                .unwrap()
                .contains("dept: \"Finance\" -> \"New\"")
        );
    }
}

#[test]
#[ignore = "needs npx and @modelcontextprotocol/inspector"]
fn inspector_finds_no_fault_with_the_schemas_in_strict_mode() {
    for era in ["legacy", "modern"] {
        let output = Command::new("npx")
            .args(["--yes", "@modelcontextprotocol/inspector@2.12.0", "--cli"])
            .args(["--strict", "--protocol-era", era, "--method", "tools/list"])
            .args([env!("CARGO_BIN_EXE_zoom-runner"), "mcp", "--sandbox"])
            .arg("--changes")
            .output()
            .unwrap();
        let errors = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{era}: {errors}");
        let list: Value = serde_json::from_slice(&output.stdout).unwrap();
        assert!(
            list["tools"]
                .as_array()
                .is_some_and(|tools| tools.len() > 30)
        );
    }
}
