//! What kinds of item there are: data, not code. A template names fields of known types; a new field *type* is code.

use std::sync::LazyLock;

use crate::{FieldId, FieldType, SectionId, payload::is_id};

/// Version of the template format that this program reads.
pub const TEMPLATE_PROTOCOL: u32 = 3;
/// Version of the list of field types. Raised when a type is added.
pub const REGISTRY_VERSION: u32 = 1;
/// Bytes of a template file.
pub const MAX_TEMPLATE_BYTES: usize = 256 * 1024;

/// Distance between the places of a template's fields, so that a field of one's own fits between any two.
const POSITION_STEP: u32 = 100;

/// A template file: one or more kinds and who made them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pack {
    /// Its name, unique per publisher.
    pub pack_id: String,
    /// Who made it.
    pub publisher: String,
    /// What a person calls it.
    pub display_name: String,
    /// Its version.
    pub version: String,
    /// The least version of this program that it asks for.
    pub min_app_version: String,
    /// Its kinds.
    pub templates: Vec<Template>,
}

/// A kind of item.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Template {
    /// Its name, stored in each item of the kind.
    pub slug: String,
    /// Name of its Phosphor icon.
    pub icon: String,
    /// Its fields in their order.
    pub fields: Vec<TemplateField>,
}

/// A field that items of a kind have.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TemplateField {
    /// Its name.
    pub id: FieldId,
    /// Its type.
    pub field_type: FieldType,
    /// Key of its label.
    pub label: String,
    /// The section it is in; the section's title is the key `section-<id>`.
    pub section: Option<SectionId>,
    /// Its place.
    pub position: u32,
    /// Its value is the second line in a list. The first such field that has a value counts.
    pub subtitle: bool,
    /// What "copy password" copies.
    pub main_secret: bool,
    /// What "copy user name" copies.
    pub username: bool,
    /// What "open address" opens.
    pub url: bool,
}

impl Template {
    /// Key of the kind's name.
    pub fn name_key(&self) -> String {
        format!("kind-{}", self.slug)
    }

    /// The field of that name.
    pub fn field(&self, id: &FieldId) -> Option<&TemplateField> {
        self.fields.iter().find(|field| field.id == *id)
    }
}

/// Why a template file is not taken.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum TemplateError {
    /// Larger than [`MAX_TEMPLATE_BYTES`].
    #[error("the template file has {len} bytes and may have {MAX_TEMPLATE_BYTES}")]
    TooLong {
        /// Bytes found.
        len: usize,
    },
    /// Not JSON, or without a required part.
    #[error("the template file is not well-formed")]
    Json(#[source] serde_json::Error),
    /// Another `artifactKind` than `categoryTemplate`.
    #[error("the file is no category template")]
    ArtifactKind,
    /// Another `templateProtocol` than [`TEMPLATE_PROTOCOL`].
    #[error("the template has protocol {found}, this program reads {TEMPLATE_PROTOCOL}")]
    Protocol {
        /// As found.
        found: u32,
    },
    /// A `registryVersion` above [`REGISTRY_VERSION`].
    #[error("the template needs field registry {found}, this program has {REGISTRY_VERSION}")]
    Registry {
        /// As found.
        found: u32,
    },
    /// A field type that this program does not have.
    #[error("field {field} of {kind} has the unknown type {field_type}")]
    UnknownFieldType {
        /// Slug of the kind.
        kind: String,
        /// The field.
        field: String,
        /// The type asked for.
        field_type: String,
    },
    /// A slug or id that is not 1 to 64 of `a`–`z`, `0`–`9`, `-`, or that begins with `x-`, which is kept for the owner's own fields.
    #[error("{0:?} can't be a slug")]
    Slug(String),
    /// The same slug or id twice.
    #[error("{0} is there twice")]
    Twice(String),
    /// No kind, or a kind without fields.
    #[error("the template is empty")]
    Empty,
}

/// Reads a template file.
///
/// # Errors
///
/// [`TemplateError`], which names the first thing that is wrong; nothing of such a file is taken.
pub fn parse_pack(bytes: &[u8]) -> Result<Pack, TemplateError> {
    if bytes.len() > MAX_TEMPLATE_BYTES {
        return Err(TemplateError::TooLong { len: bytes.len() });
    }
    let file: file::Pack = serde_json::from_slice(bytes).map_err(TemplateError::Json)?;
    if file.artifact_kind != "categoryTemplate" {
        return Err(TemplateError::ArtifactKind);
    }
    if file.template_protocol != TEMPLATE_PROTOCOL {
        return Err(TemplateError::Protocol { found: file.template_protocol });
    }
    if file.registry_version > REGISTRY_VERSION {
        return Err(TemplateError::Registry { found: file.registry_version });
    }
    let mut templates: Vec<Template> = Vec::new();
    for category in file.categories {
        let template = read_category(category)?;
        if templates.iter().any(|there| there.slug == template.slug) {
            return Err(TemplateError::Twice(template.slug));
        }
        templates.push(template);
    }
    if templates.is_empty() {
        return Err(TemplateError::Empty);
    }
    Ok(Pack {
        pack_id: file.pack_id,
        publisher: file.publisher,
        display_name: file.display_name,
        version: file.version,
        min_app_version: file.min_app_version,
        templates,
    })
}

fn read_category(category: file::Category) -> Result<Template, TemplateError> {
    let slug = checked_slug(category.slug)?;
    let mut fields: Vec<TemplateField> = Vec::new();
    for (field, place) in category.fields.into_iter().zip(1..) {
        let id = FieldId(checked_slug(field.id)?);
        if fields.iter().any(|there| there.id == id) {
            return Err(TemplateError::Twice(id.0));
        }
        let Some(field_type) = FieldType::from_name(&field.field_type) else {
            return Err(TemplateError::UnknownFieldType { kind: slug, field: id.0, field_type: field.field_type });
        };
        fields.push(TemplateField {
            id,
            field_type,
            label: field.label,
            section: field.section.map(checked_slug).transpose()?.map(SectionId),
            position: place * POSITION_STEP,
            subtitle: field.subtitle,
            main_secret: field.main_secret,
            username: field.username,
            url: field.url,
        });
    }
    if fields.is_empty() {
        return Err(TemplateError::Empty);
    }
    Ok(Template { slug, icon: category.icon, fields })
}

fn checked_slug(slug: String) -> Result<String, TemplateError> {
    if is_id(slug.as_bytes()) && !slug.starts_with("x-") { Ok(slug) } else { Err(TemplateError::Slug(slug)) }
}

/// The files that come with the program, in the order in which kinds are offered.
const BUILT_IN: [&str; 13] = [
    include_str!("../templates/credential.nt2tpl"),
    include_str!("../templates/note.nt2tpl"),
    include_str!("../templates/bank.nt2tpl"),
    include_str!("../templates/card.nt2tpl"),
    include_str!("../templates/crypto.nt2tpl"),
    include_str!("../templates/identity.nt2tpl"),
    include_str!("../templates/document.nt2tpl"),
    include_str!("../templates/insurance.nt2tpl"),
    include_str!("../templates/key.nt2tpl"),
    include_str!("../templates/wifi.nt2tpl"),
    include_str!("../templates/licence.nt2tpl"),
    include_str!("../templates/totp.nt2tpl"),
    include_str!("../templates/custom.nt2tpl"),
];

/// All kinds, in the order in which they are offered.
pub fn templates() -> &'static [Template] {
    static TEMPLATES: LazyLock<Vec<Template>> = LazyLock::new(|| {
        // The files are part of the program and a test reads each, so none is ever left out.
        BUILT_IN.iter().filter_map(|file| parse_pack(file.as_bytes()).ok()).flat_map(|pack| pack.templates).collect()
    });
    &TEMPLATES
}

/// The kind of that name; `None` if this program does not have it.
pub fn template(slug: &str) -> Option<&'static Template> {
    templates().iter().find(|template| template.slug == slug)
}

/// The JSON form (PRODUCT §2.4).
mod file {
    use serde::Deserialize;

    #[derive(Deserialize)]
    #[serde(rename_all = "camelCase")]
    pub(super) struct Pack {
        pub(super) artifact_kind: String,
        pub(super) pack_id: String,
        pub(super) publisher: String,
        pub(super) display_name: String,
        pub(super) version: String,
        pub(super) template_protocol: u32,
        pub(super) registry_version: u32,
        pub(super) min_app_version: String,
        pub(super) categories: Vec<Category>,
    }

    #[derive(Deserialize)]
    #[serde(rename_all = "camelCase")]
    pub(super) struct Category {
        pub(super) slug: String,
        pub(super) icon: String,
        pub(super) fields: Vec<Field>,
    }

    #[derive(Deserialize)]
    #[serde(rename_all = "camelCase")]
    pub(super) struct Field {
        pub(super) id: String,
        #[serde(rename = "type")]
        pub(super) field_type: String,
        pub(super) label: String,
        pub(super) section: Option<String>,
        #[serde(default)]
        pub(super) subtitle: bool,
        #[serde(default)]
        pub(super) main_secret: bool,
        #[serde(default)]
        pub(super) username: bool,
        #[serde(default)]
        pub(super) url: bool,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const CREDENTIAL: &str = include_str!("../templates/credential.nt2tpl");

    fn refused(from: &str, to: &str) -> TemplateError {
        let changed = CREDENTIAL.replacen(from, to, 1);
        assert_ne!(changed, CREDENTIAL, "nothing to replace");
        parse_pack(changed.as_bytes()).unwrap_err()
    }

    #[test]
    fn every_built_in_file_is_read() {
        for file in BUILT_IN {
            parse_pack(file.as_bytes()).unwrap();
        }
        let slugs: Vec<&str> = templates().iter().map(|template| template.slug.as_str()).collect();
        let expected = [
            "credential",
            "note",
            "bank",
            "card",
            "crypto",
            "identity",
            "document",
            "insurance",
            "key",
            "wifi",
            "licence",
            "totp",
            "custom",
        ];
        assert_eq!(slugs, expected);
    }

    #[test]
    fn labels_follow_from_ids_so_that_a_field_has_one_name_everywhere() {
        for template in templates() {
            for field in &template.fields {
                assert_eq!(field.label, format!("field-{}", field.id.0));
            }
        }
    }

    #[test]
    fn one_id_has_one_type_in_all_kinds() {
        let mut types = std::collections::BTreeMap::new();
        for field in templates().iter().flat_map(|template| &template.fields) {
            assert_eq!(*types.entry(&field.id).or_insert(field.field_type), field.field_type, "{:?}", field.id);
        }
    }

    #[test]
    fn a_subtitle_is_never_a_secret_that_has_no_mask() {
        for field in templates().iter().flat_map(|template| &template.fields).filter(|field| field.subtitle) {
            assert!(!field.field_type.is_secret() || field.field_type == FieldType::CardNumber, "{:?}", field.id);
        }
    }

    #[test]
    fn an_unknown_field_type_rejects_the_file_and_is_named() {
        let error = refused(r#""type": "url""#, r#""type": "hologram""#);
        assert_eq!(error.to_string(), "field url of credential has the unknown type hologram");
    }

    #[test]
    fn a_newer_protocol_or_registry_is_refused() {
        assert!(matches!(refused(r#""templateProtocol": 3"#, r#""templateProtocol": 4"#), TemplateError::Protocol { found: 4 }));
        assert!(matches!(refused(r#""registryVersion": 1"#, r#""registryVersion": 2"#), TemplateError::Registry { found: 2 }));
    }

    #[test]
    fn a_missing_part_of_the_envelope_is_refused() {
        assert!(matches!(refused(r#""publisher""#, r#""other""#), TemplateError::Json(_)));
        assert!(matches!(refused("categoryTemplate", "displayProfilePreset"), TemplateError::ArtifactKind));
    }

    #[test]
    fn ids_of_the_owners_own_fields_and_doubles_are_refused() {
        assert!(matches!(refused(r#""id": "url""#, r#""id": "x-1""#), TemplateError::Slug(_)));
        assert!(matches!(refused(r#""id": "url""#, r#""id": "username""#), TemplateError::Twice(_)));
    }
}
