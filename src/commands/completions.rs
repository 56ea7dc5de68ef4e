//! Completions and man pages, from the command line's own definition. Begin with [`completions`] and [`man`].

use super::describe::{Streams, print, put};
use crate::actions;
use crate::catalog;
use crate::protocol::failure::Code;
use clap::{Arg, Command};
use clap_complete::Shell;
use clap_mangen::Man;
use std::path::Path;

/// Prints the completions of `command` for `shell`.
pub fn completions(shell: Shell, command: Command, streams: Streams) -> u8 {
    let name = command.get_name().to_owned();
    let mut command = with_names(command);
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut command, name, &mut script);
    if shell == Shell::Fish {
        // The generator knows options and subcommands, and forgets the values of arguments.
        script.extend_from_slice(fish_values(&command).as_bytes());
    }
    if shell == Shell::Bash {
        // The generator names the states of a program with a dash in two ways, so that its own script never finds them.
        let text = String::from_utf8_lossy(&script).replace("zoom__subcmd__runner", "zoom__runner");
        return print(streams, text.as_bytes());
    }

    print(streams, &script)
}

/// Returns what completes the values of the subcommands' arguments in fish.
fn fish_values(command: &Command) -> String {
    let mut lines = String::new();
    for subcommand in command.get_subcommands() {
        for argument in subcommand.get_positionals() {
            let values = argument.get_possible_values();
            let values: Vec<&str> = values.iter().map(|value| value.get_name()).collect();
            if !values.is_empty() {
                lines.push_str(&format!(
                    "complete -c zoom-runner -n \"__fish_zoom_runner_using_subcommand {}\" -f -a \"{}\"\n",
                    subcommand.get_name(),
                    values.join(" ")
                ));
            }
        }
    }
    lines
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

    // Not global here, or each subcommand would get them again.
    let common: Vec<Arg> = command
        .get_arguments()
        .map(|option| option.clone().global(false))
        .collect();
    let subcommands: Vec<Command> = command
        .get_subcommands()
        .filter(|subcommand| !subcommand.is_hide_set())
        .map(|subcommand| without_hidden(subcommand, &common))
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
        .args(common)
        .subcommands(subcommands)
}

/// Returns `command` with the common options, unless it hides them or has its own, and without what it hides.
fn without_hidden(command: &Command, common: &[Arg]) -> Command {
    let takes_common = !command.get_arguments().any(Arg::is_hide_set);
    let is_missing = |option: &&Arg| {
        let is_own = |own: &Arg| own.get_id() == option.get_id();
        takes_common && !command.get_arguments().any(is_own)
    };
    let own = command
        .get_arguments()
        .filter(|option| !option.is_hide_set());
    // Kept to the end of the process, as above.
    Command::new(&*command.get_name().to_owned().leak())
        .about(command.get_about().cloned().unwrap_or_default())
        .args(own.cloned())
        .args(common.iter().filter(is_missing).cloned())
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

/// Returns the name of a command's man page, `zoom-runner-batch.1`, and the page.
fn page(command: Command) -> std::io::Result<(String, Vec<u8>)> {
    let man = Man::new(command);
    let mut page = Vec::new();
    man.render(&mut page)?;
    Ok((man.get_filename(), page))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn completions_are_made_from_a_sound_command_line() {
        with_names(crate::cli::help::command()).debug_assert();
    }
}
