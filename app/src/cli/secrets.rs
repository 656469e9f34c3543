//! Passwords: asked for at the terminal, or read as lines. Never from arguments, which every process can read.

use std::{
    fs::File,
    io::{self, BufRead, BufReader, Read, Stdin},
};

use vault_model::SecretText;
use zeroize::Zeroize as _;

use super::{args::Global, error::CliError};
use crate::platform::os;

/// Longer lines are an accident. Argon2id takes passwords up to 4 KiB; a private key may be longer.
const MAX_LINE_BYTES: u64 = 64 * 1024;

/// Where passwords come from.
pub(crate) enum Secrets {
    /// The terminal.
    Terminal,
    /// Standard input, one a line.
    Stdin(BufReader<Stdin>),
    /// An open descriptor, one a line.
    Descriptor(BufReader<File>),
}

impl Secrets {
    /// As the command line says.
    pub(crate) fn new(global: &Global) -> Result<Self, CliError> {
        if global.password_stdin {
            return Ok(Self::Stdin(BufReader::new(io::stdin())));
        }
        match global.password_fd {
            Some(descriptor) => os::file_of_descriptor(descriptor)
                .map(|file| Self::Descriptor(BufReader::new(file)))
                .map_err(|error| CliError::File { what: format!("File descriptor {descriptor} can't be read"), error }),
            None => Ok(Self::Terminal),
        }
    }

    /// Asks for one.
    pub(crate) fn ask(&mut self, prompt: &str) -> Result<SecretText, CliError> {
        match self {
            Self::Terminal => ask_terminal(prompt),
            Self::Stdin(lines) => read_line(lines, prompt),
            Self::Descriptor(lines) => read_line(lines, prompt),
        }
    }

    /// Asks for a new one: at the terminal twice, because nobody sees what is typed.
    pub(crate) fn ask_new(&mut self, prompt: &str) -> Result<SecretText, CliError> {
        let first = self.ask(prompt)?;
        if matches!(self, Self::Terminal) && ask_terminal("The same again")?.expose() != first.expose() {
            return Err(CliError::Usage("The two were not the same. Nothing was changed; try again.".to_owned()));
        }
        if first.is_empty() {
            return Err(CliError::Usage(format!("{prompt}: it may not be empty.")));
        }
        Ok(first)
    }

    /// All that is left of standard input, for `--input -`.
    pub(crate) fn rest_of_stdin(&mut self, max_bytes: u64) -> io::Result<String> {
        let mut text = String::new();
        match self {
            Self::Stdin(reader) => reader.take(max_bytes).read_to_string(&mut text)?,
            Self::Terminal | Self::Descriptor(_) => io::stdin().lock().take(max_bytes).read_to_string(&mut text)?,
        };
        Ok(text)
    }
}

fn ask_terminal(prompt: &str) -> Result<SecretText, CliError> {
    match rpassword::prompt_password(format!("{prompt}: ")) {
        Ok(text) => Ok(SecretText::new(text)),
        Err(error) if error.kind() == io::ErrorKind::Interrupted => Err(CliError::Interrupted),
        Err(_) => Err(CliError::Usage(format!("{prompt}: there is no terminal to ask at. Use --password-stdin or --password-fd."))),
    }
}

/// One line without its end. A secret of several lines cannot come this way; `--input` takes those.
fn read_line(lines: &mut impl BufRead, prompt: &str) -> Result<SecretText, CliError> {
    let mut line = String::new();
    let read = lines.take(MAX_LINE_BYTES).read_line(&mut line);
    match read {
        Ok(0) => Err(CliError::Usage(format!("{prompt}: no line is left to read. Give one line for each password."))),
        Ok(_) => {
            let len = line.trim_end_matches(['\r', '\n']).len();
            line.truncate(len);
            Ok(SecretText::new(line))
        }
        Err(error) => {
            line.zeroize();
            Err(CliError::File { what: format!("{prompt}: the password can't be read"), error })
        }
    }
}
