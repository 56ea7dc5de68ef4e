//! The command line: reads the arguments and starts the command that they name. Begin with [`main`]; `help` groups the
//! commands and options that `--help` shows, `examples` has its examples.

mod examples;
pub(crate) mod help;

use crate::catalog::IMAGE;
use crate::commands;
use crate::commands::output::{Output, Style};
use crate::commands::placeholders::Placeholders;
use crate::protocol::failure::Code;
use crate::run::Engine;
use crate::run::supervise::{Signals, install_panic_hook, open_signals};
use crate::sandbox::Sandbox;
use clap::error::ErrorKind;
use clap::{FromArgMatches, Parser, Subcommand};
use std::ffi::OsString;
use std::io::{IsTerminal, Write};
use std::path::PathBuf;
use std::sync::Arc;

/// Runs one Zoom action for a SOAR platform: one JSON request on stdin, one JSON envelope on stdout.
#[derive(Debug, Parser)]
#[command(name = "zoom-runner", version, about, long_about = None)]
#[command(after_help = examples::TOP)]
struct Cli {
    /// Let the built-in sandbox answer in Zoom's place; no resource is needed.
    #[arg(long, global = true, help_heading = help::COMMON)]
    sandbox: bool,
    /// Fill placeholders such as "$client_secret" from the environment variables of these names.
    #[arg(long, global = true, help_heading = help::COMMON)]
    secrets_from_env: bool,
    /// Print the envelope on one line and without colors at a terminal too.
    #[arg(long, global = true, help_heading = help::COMMON)]
    compact: bool,
    #[command(subcommand)]
    command: Option<Command>,
}

/// Reads an image by a tag that stays: bridges keep what they have, and a tag that moves leaves each with another version.
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

/// The commands. `help::GROUPS` says where `--help` lists each.
#[derive(Debug, Subcommand)]
enum Command {
    /// Run the sandbox as a server, until it is stopped.
    #[command(after_help = examples::SANDBOX, after_long_help = examples::sandbox_and_residents())]
    Sandbox(crate::sandbox::Options),
    /// Run one action, with its parameters as NAME=VALUE.
    #[command(after_help = examples::RUN)]
    Run(commands::run::Options),
    /// Run many requests: one per line on stdin, one envelope per line on stdout.
    #[command(after_help = examples::BATCH)]
    Batch(commands::batch::Options),
    /// Offer the actions as tools to agents (Model Context Protocol on stdio).
    #[command(after_help = examples::MCP)]
    Mcp(commands::mcp::Options),
    /// Run one action with its values from environment variables, as Sumo Logic does.
    #[command(after_help = examples::OIF)]
    Oif {
        /// The action: its id or its title.
        action: String,
        /// Show the request that would be run, secrets as placeholders, and run nothing.
        #[arg(long)]
        print_request: bool,
        /// Print the envelope of a failure on stdout, and nothing on stderr.
        #[arg(long)]
        envelope: bool,
    },
    /// List the actions, or explain one.
    #[command(after_help = examples::ACTIONS)]
    Actions {
        /// The action to explain: its id or its title.
        action: Option<String>,
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
    /// Print the definition files for Sumo Logic's Automation Service.
    #[command(after_help = examples::MANIFEST)]
    Manifest {
        /// Write them to this directory instead.
        #[arg(value_name = "DIR")]
        dir: Option<PathBuf>,
        /// The same as DIR.
        #[arg(long, value_name = "DIR", conflicts_with = "dir", hide = true)]
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
    /// Check the connection to Zoom step by step, and say how to mend it.
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
        #[arg(value_name = "DIR")]
        dir: Option<PathBuf>,
        /// The same as DIR.
        #[arg(long, value_name = "DIR", conflicts_with = "dir", hide = true)]
        out: Option<PathBuf>,
    },
    /// Write schemas/, manifest/ and the documents' tables of the project in DIR: what `make generate` runs.
    #[command(hide = true)]
    Generate {
        /// The project's directory.
        dir: PathBuf,
    },
    /// Run recorded fixtures again without a network, and show what differs.
    #[command(after_help = examples::REPLAY)]
    Replay(commands::replay::Options),
    /// Run the request on stdin and keep it as a fixture, with pseudonyms.
    #[command(after_help = examples::RECORD)]
    Record(commands::record::Options),
}

impl Command {
    /// True for a command that may send requests to Zoom.
    const fn reaches_zoom(&self) -> bool {
        matches!(
            self,
            Self::Run(_)
                | Self::Batch(_)
                | Self::Mcp(_)
                | Self::Oif { .. }
                | Self::Doctor(_)
                | Self::Record(_)
        )
    }

    /// True for a command that waits for something, and looks at signals meanwhile. The others end by a signal as any
    /// program does.
    const fn watches_signals(&self) -> bool {
        self.reaches_zoom() || matches!(self, Self::Sandbox(_) | Self::Replay(_))
    }
}

/// Runs the program; returns the exit code.
#[must_use]
pub fn main() -> u8 {
    open_signals();
    install_panic_hook();
    start_log();
    let arguments: Vec<OsString> = std::env::args_os().collect();
    // What platforms run: nothing else is set up for it.
    if arguments.len() <= 1 {
        return serve(&Mode::default(), &Signals::catch());
    }
    let parsed = help::command()
        .try_get_matches_from(arguments)
        .and_then(|matches| Cli::from_arg_matches(&matches));
    match parsed {
        Ok(cli) => dispatch(cli),
        Err(error) => usage(&error),
    }
}

/// The options that several commands have.
#[derive(Clone, Copy, Debug, Default)]
struct Mode {
    sandbox: bool,
    secrets_from_env: bool,
    compact: bool,
}

impl Mode {
    fn placeholders(self) -> Placeholders {
        Placeholders {
            variable: self.secrets_from_env.then_some(variable),
            is_sandboxed: self.sandbox,
        }
    }

    /// Returns the engine, and the sandbox that answers it as long as it is held.
    fn engine(self) -> Result<(Engine, Option<Sandbox>), u8> {
        if !self.sandbox {
            return Ok((commands::engine(), None));
        }
        let (engine, sandbox) = commands::sandbox::sandboxed()?;
        Ok((engine, Some(sandbox)))
    }

    fn style(self) -> Style {
        match (stdout().is_terminal() && !self.compact, colors()) {
            (false, _) => Style::Line,
            (true, false) => Style::Indented,
            (true, true) => Style::Colored,
        }
    }

    fn output(self) -> Output {
        Output::new(stdout(), self.style())
    }
}

fn dispatch(cli: Cli) -> u8 {
    let mode = Mode {
        sandbox: cli.sandbox,
        secrets_from_env: cli.secrets_from_env,
        compact: cli.compact,
    };

    let Some(command) = cli.command else {
        return serve(&mode, &Signals::catch());
    };
    let misused = if mode.sandbox && !command.reaches_zoom() {
        Some("--sandbox goes with commands that reach Zoom")
    } else if mode.secrets_from_env && !command.reaches_zoom() {
        Some("--secrets-from-env goes with commands that take a request or a resource")
    } else {
        None
    };

    if let Some(message) = misused {
        return usage(&help::command().error(ErrorKind::ArgumentConflict, message));
    }

    let signals = if command.watches_signals() {
        Signals::catch()
    } else {
        Signals::default()
    };

    start(command, &mode, &signals).unwrap_or_else(|exit| exit)
}

/// Runs `command`; an error is the exit code where it could not begin.
fn start(command: Command, mode: &Mode, signals: &Signals) -> Result<u8, u8> {
    let exit = match command {
        Command::Run(options) => {
            let (engine, _sandbox) = mode.engine()?;
            let (placeholders, is_sandboxed) = (mode.placeholders(), mode.sandbox);
            let request = move || {
                commands::run::request(&options, variable, is_sandboxed)
                    .and_then(|request| placeholders.resolve(request))
            };
            let output = (mode.output(), stdout().is_terminal());
            commands::stdin::serve(engine, request, output, signals)
        }
        Command::Sandbox(options) => commands::sandbox::serve(options, stdout(), signals),
        Command::Batch(options) => {
            let (engine, _sandbox) = mode.engine()?;
            let streams = (std::io::stdin(), stdout());
            commands::batch::serve(options, engine, mode.placeholders(), streams, signals)
        }
        Command::Mcp(mut options) => {
            options.sandbox |= mode.sandbox;
            commands::mcp::serve(&options, variable, mode.placeholders(), stdout(), signals)
        }
        Command::Oif {
            action,
            print_request: true,
            ..
        } => commands::oif::print_request(&action, &variable, streams()),
        Command::Oif {
            action, envelope, ..
        } => {
            let (engine, _sandbox) = mode.engine()?;
            let streams = (mode.output(), std::io::stderr());
            let values: (commands::oif::LookupFn<'_>, _) = (&variable, mode.placeholders());
            commands::oif::serve(engine, &action, envelope, values, streams, signals)
        }
        Command::Actions { action, json } => {
            commands::describe::actions(action.as_deref(), json, streams())
        }
        Command::Schema { name } => commands::describe::schema(&name, streams()),
        Command::Manifest { dir, out, image } => {
            commands::describe::manifest(dir.or(out).as_deref(), &image, streams())
        }
        Command::Explain { code } => commands::describe::explain(code.as_deref(), streams()),
        Command::Doctor(options) => {
            let (engine, _sandbox) = mode.engine()?;
            doctor(&options, engine, mode, signals)
        }
        Command::Completions { shell } => {
            commands::completions::completions(shell, help::command(), streams())
        }
        Command::Man { dir, out } => {
            commands::completions::man(help::command(), dir.or(out).as_deref(), streams())
        }
        Command::Generate { dir } => commands::describe::generate(&dir, streams()),
        Command::Replay(options) => {
            commands::replay::serve(options, stdout(), std::io::stderr(), signals)
        }
        Command::Record(options) => {
            let (engine, _sandbox) = mode.engine()?;
            let clock = Arc::clone(&engine.clock);
            let placeholders = mode.placeholders();
            commands::record::serve(
                engine,
                &options,
                move || commands::stdin::read(&std::io::stdin(), &*clock, || false),
                placeholders,
                mode.output(),
                std::io::stderr(),
                signals,
            )
        }
    };
    Ok(exit)
}

/// Answers the request on stdin.
fn serve(mode: &Mode, signals: &Signals) -> u8 {
    if std::io::stdin().is_terminal() {
        let _ = writeln!(
            std::io::stderr(),
            "zoom-runner reads one JSON request from stdin, up to end of file (Ctrl-D); `zoom-runner --help` shows more."
        );
    }

    let (engine, _sandbox) = match mode.engine() {
        Ok(engine) => engine,
        Err(exit) => return exit,
    };
    let clock = Arc::clone(&engine.clock);
    let placeholders = mode.placeholders();
    let request = move || commands::stdin::request(&*clock, placeholders);
    let output = (mode.output(), stdout().is_terminal());

    commands::stdin::serve(engine, request, output, signals)
}

fn doctor(
    options: &commands::doctor::Options,
    engine: Engine,
    mode: &Mode,
    signals: &Signals,
) -> u8 {
    if std::io::stdin().is_terminal() {
        let _ = writeln!(
            std::io::stderr(),
            "The doctor reads the resource as JSON from stdin, up to end of file (Ctrl-D)."
        );
    }

    let output = Output::new(stdout(), Style::Line);
    let colors = stdout().is_terminal() && colors();
    let given = commands::stdin::read(&std::io::stdin(), &*engine.clock, || signals.came());
    if signals.came() {
        return Code::Cancelled.info().exit;
    }

    match given {
        Ok(given) => {
            let given = (given.as_slice(), mode.placeholders());
            commands::doctor::serve(options, engine, given, output, colors, signals)
        }
        Err(failure) => {
            let _ = writeln!(std::io::stderr(), "error: {}", failure.message);
            failure.exit()
        }
    }
}

/// True where a terminal may show colors.
fn colors() -> bool {
    let is_set = |name| variable(name).is_some_and(|value| !value.is_empty());
    !is_set("NO_COLOR") && variable("TERM").is_none_or(|term| term != "dumb")
}

#[expect(
    clippy::disallowed_methods,
    reason = "the one place that reads the environment for the commands"
)]
fn variable(name: &str) -> Option<OsString> {
    std::env::var_os(name)
}

/// Writes `--help` and `--version` to stdout, a wrong argument to stderr.
fn usage(error: &clap::Error) -> u8 {
    if error.use_stderr() {
        let _ = error.print();
        return 2;
    }
    commands::describe::print(streams(), error.render().to_string().as_bytes())
}

#[expect(
    clippy::disallowed_methods,
    reason = "the one place that opens stdout for the commands"
)]
fn stdout() -> std::io::Stdout {
    std::io::stdout()
}

fn streams() -> commands::describe::Streams {
    (Output::new(stdout(), Style::Line), std::io::stderr())
}

/// Logs for humans on stderr, when `RUST_LOG` asks for them.
fn start_log() {
    #[expect(clippy::disallowed_methods, reason = "the logger's own variable")]
    if std::env::var_os("RUST_LOG").is_some() {
        crate::protocol::redact::logs::start();
    }
}
