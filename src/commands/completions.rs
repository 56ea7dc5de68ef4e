//! What a shell wants of the program: completions and man pages, from the command line's own definition. Runs no action.

use super::describe::{Streams, print, put};
use crate::actions;
use crate::catalog;
use crate::protocol::failure::Code;
use clap::Command;
use clap_complete::Shell;
use clap_mangen::Man;
use std::path::Path;

/// Prints the completions of `command` for `shell`.
pub fn completions(shell: Shell, command: Command, streams: Streams) -> u8 {
    let name = command.get_name().to_owned();
    let mut command = with_names(command);
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut command, name, &mut script);

    if shell == Shell::Bash {
        // The generator names the states of a program with a dash in two ways, so that its own script never finds them.
        let text = String::from_utf8_lossy(&script).replace("zoom__subcmd__runner", "zoom__runner");
        return print(streams, text.as_bytes());
    }

    print(streams, &script)
}

/// Returns `command` without what is hidden, and with the names that its arguments may have.
fn with_names(command: Command) -> Command {
    let actions: Vec<&str> = actions::all().map(|entry| entry.id).collect();
    let codes: Vec<&str> = Code::ALL.iter().map(|code| code.name()).collect();

    // Kept to the end of the process, which is near.
    let schemas: Vec<&'static str> = catalog::schema_names()
        .into_iter()
        .map(|name| &*name.leak())
        .collect();

    let subcommands: Vec<Command> = command
        .get_subcommands()
        .filter(|subcommand| !subcommand.is_hide_set())
        .cloned()
        .map(|subcommand| match subcommand.get_name() {
            // An argument that is changed moves to the end, so that its place has to be said.
            "run" => subcommand
                .mut_arg("action", |action| {
                    action.index(1).value_parser(actions.clone())
                })
                .mut_arg("parameters", |parameters| parameters.index(2)),
            "oif" | "actions" => {
                subcommand.mut_arg("action", |action| action.value_parser(actions.clone()))
            }
            "explain" => subcommand.mut_arg("code", |code| code.value_parser(codes.clone())),
            "schema" => subcommand.mut_arg("name", |name| name.value_parser(schemas.clone())),
            "batch" => subcommand.mut_arg("plan", |plan| {
                plan.value_parser(["free", "pro", "business"])
            }),
            _ => subcommand,
        })
        .collect();

    Command::new("zoom-runner")
        .args(command.get_arguments().cloned())
        .subcommands(subcommands)
}

/// Prints the man page of `command`; or writes it, and one for each of its subcommands, to `out`.
pub fn man(mut command: Command, out: Option<&Path>, streams: Streams) -> u8 {
    command.build();
    let Some(directory) = out else {
        return match page(command) {
            Ok((_, page)) => print(streams, &page),
            Err(error) => super::describe::fail(
                streams.1,
                &format!("The man page could not be made: {error}."),
            ),
        };
    };

    let shown: Vec<Command> = command
        .get_subcommands()
        .filter(|command| !command.is_hide_set())
        .cloned()
        .collect();

    let mut told = String::new();
    for command in std::iter::once(command).chain(shown) {
        let written = page(command).and_then(|(name, page)| {
            let path = directory.join(name);
            put(&path, &page)?;
            Ok(path)
        });
        match written {
            Ok(path) => told.push_str(&format!("{}\n", path.display())),
            Err(error) => {
                let sentence = format!(
                    "The man pages could not be written to {}: {error}.",
                    directory.display()
                );
                return super::describe::fail(streams.1, &sentence);
            }
        }
    }

    print(streams, told.as_bytes())
}

/// A command's page and what its file is called: `zoom-runner-batch.1`.
fn page(command: Command) -> std::io::Result<(String, Vec<u8>)> {
    let man = Man::new(command);
    let mut page = Vec::new();
    man.render(&mut page)?;
    Ok((man.get_filename(), page))
}
