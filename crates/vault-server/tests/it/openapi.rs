//! The description of the service is true: it has every route, and every golden vector of the contract fits its schemas.

use std::{fs, path::Path};

use serde_json::Value;
use vault_protocol::api::{Method, PREFIX, Route};
use vault_server::openapi;

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

#[test]
fn the_document_in_the_repository_is_the_one_that_is_served() {
    let kept = fs::read_to_string(root().join("openapi.json")).unwrap_or_default();
    assert!(kept == openapi::text(), "crates/vault-server/openapi.json should be\n{}", openapi::text());
}

#[test]
fn every_route_is_described_and_nothing_else() {
    let document = openapi::document();
    let paths = document["paths"].as_object().unwrap();
    for route in Route::ALL {
        let place =
            |path: &String| path.replacen("{vault}", "{}", 1).replacen("{channel}", "{}", 1) == format!("{PREFIX}{}", route.template());
        let path = paths.keys().find(|path| place(path)).unwrap();
        let described = &paths[path][route.method().name().to_lowercase()];
        assert_eq!(described["operationId"], format!("{route:?}"));
        assert_eq!(described.get("requestBody").is_some(), route.max_body_bytes() > 0, "{route:?}");
    }
    let n_described: usize = paths.values().map(|methods| methods.as_object().unwrap().len()).sum();
    assert_eq!(n_described, Route::ALL.len());
}

/// Whether a value fits a schema, as far as our schemas go.
fn fits(document: &Value, schema: &Value, value: &Value) -> Result<(), String> {
    if let Some(name) = schema["$ref"].as_str() {
        let name = name.strip_prefix("#/components/schemas/").unwrap();
        return fits(document, document["components"]["schemas"].get(name).ok_or(format!("no schema {name}"))?, value);
    }
    if let Some(choices) = schema["anyOf"].as_array() {
        return if choices.iter().any(|choice| fits(document, choice, value).is_ok()) { Ok(()) } else { Err(format!("{value}")) };
    }
    let wrong = || Err(format!("{value} does not fit {schema}"));
    match schema["type"].as_str().unwrap() {
        "object" => {
            let Some(members) = value.as_object() else { return wrong() };
            for required in schema["required"].as_array().unwrap() {
                if !members.contains_key(required.as_str().unwrap()) {
                    return wrong();
                }
            }
            for (name, member) in members {
                fits(document, schema["properties"].get(name).ok_or(format!("{name} is not described"))?, member)?;
            }
            Ok(())
        }
        "array" => value.as_array().unwrap().iter().try_for_each(|item| fits(document, &schema["items"], item)),
        "string" => {
            let Some(text) = value.as_str() else { return wrong() };
            let is_choice = schema["enum"].as_array().is_none_or(|choices| choices.iter().any(|choice| choice == text));
            let hex_digits =
                schema["pattern"].as_str().and_then(|pattern| pattern.strip_prefix("^[0-9a-f]{")?.strip_suffix("}$")?.parse().ok());
            let is_hex =
                hex_digits.is_none_or(|n: usize| text.len() == n && text.bytes().all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b)));
            if is_choice && is_hex { Ok(()) } else { wrong() }
        }
        "integer" => {
            let within = |number: u64| schema["minimum"].as_u64().unwrap() <= number && number <= schema["maximum"].as_u64().unwrap();
            if value.as_u64().is_some_and(within) { Ok(()) } else { wrong() }
        }
        "boolean" => {
            if value.is_boolean() {
                Ok(())
            } else {
                wrong()
            }
        }
        "null" => {
            if value.is_null() {
                Ok(())
            } else {
                wrong()
            }
        }
        other => Err(format!("a type that no schema should have: {other}")),
    }
}

fn schema_of(content: &Value) -> Option<&Value> {
    content["content"].get("application/json").map(|json| &json["schema"])
}

#[test]
fn every_vector_of_the_contract_fits_its_schema() {
    let document = openapi::document();
    let mut n_checked = 0;
    for file in fs::read_dir(root().join("../../tests/vectors/api")).unwrap() {
        let path = file.unwrap().path();
        let text = fs::read_to_string(&path).unwrap();
        let line = |name: &str| text.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(": "));
        let name = path.file_stem().unwrap().to_str().unwrap();
        let mut check = |schema: &Value, body: &str| {
            fits(&document, schema, &serde_json::from_str(body).unwrap()).unwrap_or_else(|error| panic!("{name}: {error}"));
            n_checked += 1;
        };
        if name.starts_with("refusal-") {
            check(&serde_json::json!({ "$ref": "#/components/schemas/Refusal" }), line("reply-body").unwrap());
        }
        let Some((method, target)) = line("request").and_then(|request| request.split_once(' ')) else { continue };
        let route = Route::find(Method::parse(method).unwrap(), target).unwrap().route;
        let described = document["paths"].as_object().unwrap().values().filter_map(|methods| methods.get(method.to_lowercase()));
        let operation = described.into_iter().find(|operation| operation["operationId"] == format!("{route:?}")).unwrap();
        if let Some((schema, body)) = schema_of(&operation["requestBody"]).zip(line("request-body")) {
            check(schema, body);
        }
        let is_json = line("reply-type") == Some("application/json");
        if let Some((schema, body)) = schema_of(&operation["responses"]["200"]).zip(line("reply-body")).filter(|_| is_json) {
            check(schema, body);
        }
    }
    assert!(n_checked > 40, "{n_checked}");
}
