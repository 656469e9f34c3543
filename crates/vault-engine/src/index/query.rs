//! The search language: words, `"quoted words"`, and operators `tag:` `kind:` `folder:` `is:` `has:` `field:`, each negated by a leading `-`.

use vault_model::{ItemRow, fold};

/// A parsed query.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Query {
    /// Folded words that must all occur.
    pub(crate) words: Vec<Word>,
    /// Folded words that must not occur.
    pub(crate) without: Vec<String>,
    /// Operators.
    pub(crate) filters: Vec<Filter>,
}

/// A word that is looked for.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Word {
    /// Folded.
    pub(crate) text: String,
    /// Its digits, if it is a number: found whatever signs stand between them.
    pub(crate) digits: Option<String>,
}

/// One operator.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Filter {
    wanted: bool,
    test: Test,
}

#[derive(Debug, PartialEq, Eq)]
enum Test {
    Tag(String),
    Kind(String),
    Folder(String),
    Field(String),
    Favourite,
    Conflict,
    Expired,
    Expiring,
    Attachment,
    Totp,
    Tags,
    Url,
}

impl Query {
    /// Never fails: what is not an operator is a word.
    pub(crate) fn parse(text: &str) -> Self {
        let mut query = Self::default();
        for part in split(text) {
            let (wanted, body) = match part.strip_prefix('-') {
                Some(rest) if !rest.is_empty() => (false, rest),
                _ => (true, part.as_str()),
            };
            let test = body.split_once(':').and_then(|(name, value)| Test::parse(name, value));
            match test {
                Some(test) => query.filters.push(Filter { wanted, test }),
                None => {
                    let text = fold::fold(body);
                    if text.is_empty() {
                        continue;
                    }
                    if wanted {
                        query.words.push(Word { digits: fold::digits_of_query(&text), text });
                    } else {
                        query.without.push(text);
                    }
                }
            }
        }
        query
    }

    /// Whether none of the unwanted words occurs.
    pub(crate) fn allows_text(&self, title: &str, text: &str) -> bool {
        self.without.iter().all(|word| !title.contains(word.as_str()) && !text.contains(word.as_str()))
    }
}

impl Filter {
    /// Whether the row passes; `today` is `YYYY-MM-DD`.
    pub(crate) fn allows(&self, row: &ItemRow, today: &str) -> bool {
        self.wanted == self.test.holds(row, today)
    }
}

impl Test {
    fn parse(name: &str, value: &str) -> Option<Self> {
        let value = fold::fold(value);
        if value.is_empty() {
            return None;
        }
        Some(match (name, value.as_str()) {
            ("tag", _) => Self::Tag(value),
            ("kind", _) => Self::Kind(value),
            ("folder", _) => Self::Folder(value),
            ("field", _) => Self::Field(value),
            ("is", "favourite" | "favorite" | "fav") => Self::Favourite,
            ("is", "conflict") => Self::Conflict,
            ("is", "expired") => Self::Expired,
            ("is" | "has", "expiry" | "expires") => Self::Expiring,
            ("has", "attachment" | "attachments" | "file") => Self::Attachment,
            ("has", "totp" | "2fa") => Self::Totp,
            ("has", "tag" | "tags") => Self::Tags,
            ("has", "url") => Self::Url,
            _ => return None,
        })
    }

    fn holds(&self, row: &ItemRow, today: &str) -> bool {
        match self {
            Self::Tag(tag) => row.tags.iter().any(|own| fold::fold(own).starts_with(tag.as_str())),
            Self::Kind(kind) => row.kind.starts_with(kind.as_str()),
            Self::Folder(folder) => fold::fold(&row.folder).contains(folder.as_str()),
            Self::Field(field) => row.field_names.iter().any(|own| fold::fold(own).contains(field.as_str())),
            Self::Favourite => row.favourite,
            Self::Conflict => row.conflict,
            Self::Expired => !row.expires.is_empty() && row.expires.as_str() < today,
            Self::Expiring => !row.expires.is_empty(),
            Self::Attachment => row.n_attachments > 0,
            Self::Totp => row.has_totp,
            Self::Tags => !row.tags.is_empty(),
            Self::Url => !row.host.is_empty(),
        }
    }
}

/// Splits at white space outside double quotes; the quotes go.
fn split(text: &str) -> Vec<String> {
    let mut parts = Vec::new();
    let mut part = String::new();
    let mut quoted = false;
    for c in text.chars() {
        match c {
            '"' => quoted = !quoted,
            c if c.is_whitespace() && !quoted => {
                if !part.is_empty() {
                    parts.push(std::mem::take(&mut part));
                }
            }
            c => part.push(c),
        }
    }
    if !part.is_empty() {
        parts.push(part);
    }
    parts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn operators_words_quotes_and_negation_are_told_apart() {
        let query = Query::parse(r#"ugyfel tag:"két szó" -kind:card -alt is:fav https://a.b"#);
        let words: Vec<&str> = query.words.iter().map(|word| word.text.as_str()).collect();
        assert_eq!(words, [fold::fold("ugyfel"), fold::fold("https://a.b")]);
        assert_eq!(query.without, ["alt"]);
        assert_eq!(
            query.filters,
            [
                Filter { wanted: true, test: Test::Tag(fold::fold("két szó")) },
                Filter { wanted: false, test: Test::Kind("card".into()) },
                Filter { wanted: true, test: Test::Favourite },
            ]
        );
    }

    #[test]
    fn an_unknown_operator_is_a_word() {
        assert_eq!(Query::parse("is:purple").filters, []);
        assert_eq!(Query::parse("tag:").filters, []);
    }
}
