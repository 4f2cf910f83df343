//! How the layers of a family are declared.

/// Declares the layers of a family: for each what it is called, what it takes, and
/// what it is as data with how each field comes from the arguments.
///
/// ```text
/// family! {
///     /// An activation with its constants.
///     #[derive(Clone, Copy, Debug, PartialEq)]
///     pub enum Activation, const fn build(args, inputs);
///
///     /// The documentation of the layer, which editors show.
///     leaky_relu = LeakyRelu {
///         /// The slope below 0.
///         slope: f64 = args.float(name!("slope")),
///     }, |entry| entry.arguments(&[..]);
/// }
/// ```
///
/// An entry becomes a documented constant, by the layer's own name, in the family's
/// module `names` (what an editor shows for a layer in a network), and all of them the
/// family's `ENTRIES`. The function makes the data of the layer at a place. Where
/// layers share their data, the function is declared with its result alone, and each
/// layer says after its entry what it makes.
macro_rules! family {
    (
        $(#[$meta:meta])*
        pub enum $data:ident, const fn $build:ident($args:ident, $inputs:ident);
        $(
            $(#[doc = $doc:literal])+
            $name:ident = $variant:ident
                $(($payload:ty = $made:expr))?
                $({ $($(#[doc = $about:literal])+ $field:ident: $type:ty = $value:expr),+ $(,)? })?,
                |$entry:ident| $described:expr;
        )+
    ) => {
        $(#[$meta])*
        pub enum $data {
            $(
                #[doc = concat!("`", stringify!($name), "`.")]
                $variant $(($payload))? $({ $($(#[doc = $about])+ $field: $type),+ })?,
            )+
        }

        family! {
            const fn $build($args, $inputs) -> $data;
            $(
                $(#[doc = $doc])+
                $name: |$entry| $described,
                    $data::$variant $(($made))? $({ $($field: $value),+ })?;
            )+
        }
    };
    (
        const fn $build:ident($args:ident, $inputs:ident) -> $data:ident;
        $(
            $(#[doc = $doc:literal])+
            $name:ident: |$entry:ident| $described:expr, $value:expr;
        )+
    ) => {
        /// The places of the family's layers.
        #[derive(Clone, Copy)]
        #[expect(non_camel_case_types, reason = "named as in the language")]
        enum Place {
            $($name,)+
        }

        /// The family's layers by name.
        #[expect(non_upper_case_globals, reason = "named as in the language")]
        pub mod names {
            use super::*;
            $(
                $(#[doc = $doc])+
                pub const $name: &Entry = {
                    // A static is in a program once, a constant wherever it is used.
                    static ENTRY: Entry = {
                        let kind = $crate::entry::Kind {
                            rules: $crate::entry::Rules::$data,
                            place: Place::$name as u8,
                        };
                        let $entry = Entry::new(stringify!($name), concat!($($doc, "\n"),+), kind);
                        $described
                    };
                    &ENTRY
                };
            )+
        }

        /// The family's layers in their order.
        pub static ENTRIES: &[&Entry] = &[$(names::$name),+];

        /// The layer at a place in the family, with these arguments on these inputs.
        pub(crate) const fn $build(
            place: u8,
            $args: &$crate::entry::Args,
            $inputs: &[$crate::shape::Shape],
        ) -> Result<$data, $crate::error::Error> {
            const PLACES: &[Place] = &[$(Place::$name),+];
            let _ = ($args, $inputs);
            Ok(match PLACES[place as usize] {
                $(Place::$name => $value,)+
            })
        }
    };
}
pub(crate) use family;
