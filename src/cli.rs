//! The command line: which door was asked for. Knows every door's flags and none of their work.
//!
//! Child: `examples` (what `--help` shows by example).

mod examples;

use crate::catalog::IMAGE;
use crate::commands;
use crate::run::supervise::{Signals, install_panic_hook};
use clap::CommandFactory;
use clap::{Parser, Subcommand};
use std::ffi::OsString;
use std::io::{IsTerminal, Write};
use std::path::PathBuf;

/// Runs one Zoom action for a SOAR platform: one JSON request on stdin, one JSON envelope on stdout.
#[derive(Debug, Parser)]
#[command(name = "zoom-runner", version, about, long_about = None)]
#[command(after_help = examples::TOP, args_conflicts_with_subcommands = true)]
struct Cli {
    /// Let the sandbox answer, a Zoom of its own over real HTTP on this machine; the request needs no resource.
    #[arg(long)]
    sandbox: bool,
    /// Fill the place holders that `oif --print-request` leaves for secrets, such as "$client_secret", from the
    /// environment variables of these names.
    #[arg(long)]
    secrets_from_env: bool,
    #[command(subcommand)]
    command: Option<Command>,
}

/// An image by a tag that stays: bridges keep what they have, and a tag that moves leaves each with another version.
fn parse_image(text: &str) -> Result<String, String> {
    let tag = text.rsplit_once(':').filter(|(name, tag)| {
        !name.is_empty() && !tag.is_empty() && !tag.contains('/') && *tag != "latest"
    });
    let plain = text
        .chars()
        .all(|c| c.is_ascii_alphanumeric() || "._-/:@".contains(c));
    match tag {
        Some(_) if plain => Ok(text.to_owned()),
        _ => Err(
            "an image is named by its repository and a tag of its own, as soar/zoom-runner:1.0.0"
                .to_owned(),
        ),
    }
}

/// The other doors.
#[derive(Debug, Subcommand)]
enum Command {
    /// Run the sandbox as a server, until it is stopped.
    #[command(after_help = examples::SANDBOX, after_long_help = examples::sandbox_and_residents())]
    Sandbox(crate::sandbox::Options),
    /// Run many requests: one per line on stdin, one envelope per line on stdout.
    #[command(after_help = examples::BATCH)]
    Batch(commands::batch::Options),
    /// Offer the actions as tools to agents: the Model Context Protocol over stdio.
    #[command(after_help = examples::MCP)]
    Mcp(commands::mcp::Options),
    /// Run an action with its values from environment variables: the way in of Sumo Logic's automation.
    #[command(after_help = examples::OIF)]
    Oif {
        /// The action: its id or its title.
        action: String,
        /// Show the request that would be run, secrets as place holders, and run nothing.
        #[arg(long)]
        print_request: bool,
    },
    /// List the actions.
    #[command(after_help = examples::ACTIONS)]
    Actions {
        /// As JSON, with descriptions, endpoints, scopes and parameters.
        #[arg(long)]
        json: bool,
    },
    /// Print a JSON Schema.
    #[command(after_help = examples::SCHEMA)]
    Schema {
        /// request, envelope, fixture, or an action's such as get_user.input or get_user.output.
        name: String,
    },
    /// Print the definition files that are uploaded to Sumo Logic's automation.
    #[command(after_help = examples::MANIFEST)]
    Manifest {
        /// Write them to this directory instead.
        #[arg(long, value_name = "DIR")]
        out: Option<PathBuf>,
        /// The image that the platform runs, where it has another name than the one this version is built as.
        #[arg(long, value_name = "REPOSITORY:TAG", default_value = IMAGE, value_parser = parse_image)]
        image: String,
    },
    /// Say what an error code means and what to do about it.
    #[command(after_help = examples::EXPLAIN)]
    Explain {
        /// The code, as in an envelope's `error.code`; without it all are listed.
        code: Option<String>,
    },
    /// Check the way to Zoom step by step, from the resource (or a request) on stdin; tell what is well and cure the rest.
    #[command(after_help = examples::DOCTOR)]
    Doctor(commands::doctor::Options),
    /// Print the completions for a shell.
    #[command(after_help = examples::COMPLETIONS)]
    Completions {
        /// The shell.
        shell: clap_complete::Shell,
    },
    /// Print the man page.
    #[command(after_help = examples::MAN)]
    Man {
        /// Write it to this directory instead, and a page for each subcommand.
        #[arg(long, value_name = "DIR")]
        out: Option<PathBuf>,
    },
    /// Write schemas/, manifest/ and the README's tables of the project in DIR: what `make generate` runs.
    #[command(hide = true)]
    Generate {
        /// The project's directory.
        dir: PathBuf,
    },
    /// Run recorded fixtures again without a network and show what differs.
    #[command(after_help = examples::REPLAY)]
    Replay(commands::replay::Options),
    /// Run the request on stdin and keep it with its exchanges and its envelope, to be replayed without a network.
    Record(commands::record::Options),
}

/// Runs the program; answers with the exit code.
#[must_use]
pub fn main() -> u8 {
    install_panic_hook();
    let signals = Signals::catch();
    start_log();
    let arguments: Vec<OsString> = std::env::args_os().collect();
    // The platform's way in: nothing else is set up for it.
    if arguments.len() <= 1 {
        return stdin(None, &signals);
    }
    match Cli::try_parse_from(arguments) {
        Ok(cli) => dispatch(cli, &signals),
        Err(error) => usage(&error),
    }
}

fn dispatch(cli: Cli, signals: &Signals) -> u8 {
    match cli.command {
        None if cli.sandbox => commands::sandbox::answer(std::io::stdin(), stdout(), signals),
        None => stdin(cli.secrets_from_env.then_some(variable), signals),
        Some(Command::Sandbox(options)) => commands::sandbox::serve(options, stdout(), signals),
        Some(Command::Batch(options)) => {
            commands::batch::serve(&options, std::io::stdin(), stdout(), signals)
        }
        Some(Command::Mcp(options)) => commands::mcp::serve(&options, variable, stdout(), signals),
        Some(Command::Oif {
            action,
            print_request,
        }) => {
            if print_request {
                return commands::oif::print_request(&action, &variable, streams());
            }
            commands::oif::serve(commands::engine(), &action, &variable, streams(), signals)
        }
        Some(Command::Actions { json }) => commands::describe::actions(json, streams()),
        Some(Command::Schema { name }) => commands::describe::schema(&name, streams()),
        Some(Command::Manifest { out, image }) => {
            commands::describe::manifest(out.as_deref(), &image, streams())
        }
        Some(Command::Explain { code }) => commands::describe::explain(code.as_deref(), streams()),
        Some(Command::Doctor(options)) => doctor(&options, signals),
        Some(Command::Completions { shell }) => {
            commands::completions::completions(shell, Cli::command(), streams())
        }
        Some(Command::Man { out }) => {
            commands::completions::man(Cli::command(), out.as_deref(), streams())
        }
        Some(Command::Generate { dir }) => commands::describe::generate(&dir, streams()),
        Some(Command::Replay(options)) => {
            commands::replay::serve(options, stdout(), std::io::stderr(), signals)
        }
        Some(Command::Record(options)) => {
            let read = || commands::stdin::read(std::io::stdin().lock());
            commands::record::serve(
                commands::engine(),
                &options,
                read,
                stdout(),
                std::io::stderr(),
                signals,
            )
        }
    }
}

fn stdin(secrets: Option<commands::placeholders::Variable>, signals: &Signals) -> u8 {
    if std::io::stdin().is_terminal() {
        let _ = writeln!(
            std::io::stderr(),
            "zoom-runner reads one JSON request from stdin, up to end of file (Ctrl-D); `zoom-runner --help` tells the rest."
        );
    }
    commands::stdin::serve(
        commands::engine(),
        secrets,
        (std::io::stdin(), stdout()),
        signals,
    )
}

fn doctor(options: &commands::doctor::Options, signals: &Signals) -> u8 {
    if std::io::stdin().is_terminal() {
        let _ = writeln!(
            std::io::stderr(),
            "The doctor reads the resource as JSON from stdin, up to end of file (Ctrl-D)."
        );
    }
    let output = stdout();
    let set = |name| variable(name).is_some_and(|value| !value.is_empty());
    let colours = output.is_terminal()
        && !set("NO_COLOR")
        && variable("TERM").is_none_or(|term| term != "dumb");
    let given = commands::stdin::read(std::io::stdin().lock());
    commands::doctor::serve(
        options,
        commands::engine(),
        &given,
        output,
        colours,
        signals,
    )
}

#[expect(
    clippy::disallowed_methods,
    reason = "this is where the platform's door gets it from"
)]
fn variable(name: &str) -> Option<OsString> {
    std::env::var_os(name)
}

/// `--help` and `--version` go to stdout, a wrong argument to stderr.
fn usage(error: &clap::Error) -> u8 {
    let _ = error.print();
    let _ = stdout().flush();
    if error.use_stderr() { 2 } else { 0 }
}

#[expect(
    clippy::disallowed_methods,
    reason = "this is where the doors get it from"
)]
fn stdout() -> std::io::Stdout {
    std::io::stdout()
}

fn streams() -> commands::describe::Streams {
    (stdout(), std::io::stderr())
}

/// Logs for humans on stderr, when `RUST_LOG` asks for them.
fn start_log() {
    #[expect(clippy::disallowed_methods, reason = "the logger's own variable")]
    if std::env::var_os("RUST_LOG").is_some() {
        crate::protocol::redact::logs::start();
    }
}
