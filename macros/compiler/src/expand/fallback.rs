//! What stands in for a network with errors: all its items, with values that
//! rustc takes for the consequence of the errors, so that uses of the type add
//! none of their own.

use proc_macro2::{Ident, Span, TokenStream};
use quote::quote;
use shapewise_core::figure::{Figure, Unit};

use super::program::{self, Program};
use super::{Reader, editor};
use crate::graph::{Resolved, constant_name};
use crate::ordered::{Names, Set};
use crate::syntax::tree::{Body, File, Item, Network, UnitKind};

/// The network with errors.
#[derive(Clone, Copy)]
pub(super) struct Place<'a> {
    reader: Reader,
    file: &'a File,
    network: &'a Network,
    /// As much of it as could be understood.
    graph: &'a Resolved,
}

impl<'a> Place<'a> {
    pub(super) fn of(
        reader: Reader,
        file: &'a File,
        network: &'a Network,
        graph: &'a Resolved,
    ) -> Self {
        Self {
            reader,
            file,
            network,
            graph,
        }
    }
}

/// The items of a network with errors.
pub(super) fn items(place: Place<'_>, errors: TokenStream, more: &TokenStream) -> TokenStream {
    let Place {
        reader,
        file,
        network,
        graph,
    } = place;
    let krate = &file.krate;
    let private = quote!(#krate::__private);
    let name = &reader.name(network);
    let text = name.to_string();
    let (implemented, passed) = (program::implemented(network), program::passed(network));
    let own = network.attributes.docs();
    let docs = match reader {
        Reader::Rustc => TokenStream::new(),
        Reader::Editor => quote!(#(#own)*),
    };
    let structure = super::structure(network, &docs);
    let shape = quote!(#private::Shape);
    let mut constants = TokenStream::new();
    for (single, several, count) in [
        ("INPUT", "INPUTS", network.inputs.len()),
        ("OUTPUT", "OUTPUTS", network.outputs.len()),
    ] {
        let (ident, ty, value) = if count == 1 {
            (single, shape.clone(), quote!(#shape::new(&[1])))
        } else {
            (
                several,
                quote!([#shape; #count]),
                quote!([#shape::new(&[1]); #count]),
            )
        };
        constants.extend(constant(ident, &ty, &value));
    }
    for figure in Figure::ALL {
        let ty = super::constants::type_of(&private, figure);
        let value = match figure.unit() {
            Unit::Count | Unit::Bytes(_) => quote!(0),
            Unit::Axes => quote!(#private::Extents::EMPTY),
            Unit::Truth => quote!(true),
        };
        constants.extend(constant(figure.constant(), &ty, &value));
    }
    let mut known = Set::new();
    if reader == Reader::Editor {
        constants.extend(super::constants::known(file, graph, false));
        for constant in graph
            .statements
            .iter()
            .filter_map(|row| row.constant.as_deref())
        {
            known.insert(constant);
        }
    }
    let mut labels = Names::new();
    collect(&network.body, "", &mut labels);
    for (label, span) in labels.iter() {
        if Figure::is_taken(label) || known.contains(&label) {
            continue;
        }
        let ident = Ident::new(label, *span);
        if reader == Reader::Editor {
            let about = "Not known while there are errors.";
            let item = quote!(pub const #ident: #krate::Stage = #private::editor::stage("?"));
            let docs = TokenStream::new();
            constants.extend(editor::declaration(&docs, about, &item, *span));
            continue;
        }
        constants.extend(quote! {
            #[doc(hidden)]
            pub const #ident: #private::Stage = {
                Self::SHAPEWISE_ERRORS;
                #private::Stage::new("", 0, #shape::new(&[1]), #shape::new(&[1]), #private::Counts::ZERO)
            };
        });
    }
    let conditions = super::conditions(network);
    quote! {
        #structure
        #conditions
        #[allow(
            dead_code, deprecated, unreachable_pub, unreachable_code, clippy::no_effect,
            path_statements
        )]
        impl #implemented #name #passed {
            #[doc(hidden)]
            const SHAPEWISE_ERRORS: () = { #errors };
            #more
            #constants

            #[doc(hidden)]
            #[must_use]
            pub fn stage(_path: &::core::primitive::str) -> ::core::option::Option<#private::Stage> {
                Self::SHAPEWISE_ERRORS;
                ::core::option::Option::None
            }

            #[doc(hidden)]
            #[must_use]
            pub fn summary() -> #private::Summary {
                #private::Summary::new(<Self as #private::Network>::GRAPH)
            }
        }
        #conditions
        #[allow(deprecated, path_statements)]
        const _: () = {
            impl #implemented #private::Network for #name #passed {
                const GRAPH: &'static #private::Graph = {
                    Self::SHAPEWISE_ERRORS;
                    &#private::Graph::EMPTY.with_name(#text)
                };
            }
        };
    }
}

/// The items of a network whose shapes could not be followed to its end: rustc
/// traces it up to there, and shows the layer that does not fit, or that.
pub(super) fn lost(place: Place<'_>) -> TokenStream {
    let Place {
        file,
        network,
        graph,
        ..
    } = place;
    let Program { constants, tracer } = program::of(file, graph);
    let name = &network.name;
    let conditions = super::conditions(network);
    let items = items(place, quote!(let _ = #tracer;), &constants);
    let forced = program::has_defaults(network)
        .then(|| quote!(#conditions const _: () = <#name>::SHAPEWISE_ERRORS;));
    quote!(#items #forced)
}

fn constant(name: &str, ty: &TokenStream, value: &TokenStream) -> TokenStream {
    let ident = Ident::new(name, Span::call_site());
    quote! {
        #[doc(hidden)]
        pub const #ident: #ty = { Self::SHAPEWISE_ERRORS; #value };
    }
}

/// The constants that the labels of a body would have.
fn collect(body: &Body, prefix: &str, labels: &mut Names<Span>) {
    for item in &body.items {
        let (names, units) = match item {
            Item::Statement(statement) => (statement.labels.as_slice(), statement.units.as_slice()),
            Item::Broken(broken) => (broken.labels.as_slice(), [].as_slice()),
            Item::Assertion(_) | Item::Let(_) => continue,
        };
        for name in names {
            if let Some(constant) = constant_name(&format!("{prefix}{name}"))
                && !labels.contains(&constant)
            {
                labels.insert(constant, name.span());
            }
        }
        for unit in units {
            if let (UnitKind::Group(inner), Some(name)) = (&unit.kind, names.first()) {
                collect(inner, &format!("{prefix}{name}_"), labels);
            }
        }
    }
}
