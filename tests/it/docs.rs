//! What the documents and workflows say is what the program does.

#[cfg(unix)]
mod examples;
#[cfg(unix)]
mod readme;
mod workflows;
