//! The types of elements that the format knows.

use std::fmt;

use shapewise_core::graph::DType;

macro_rules! types {
    ($($(#[doc = $doc:literal])+ $variant:ident = $name:literal, $bits:literal;)+) => {
        /// The type of a tensor's elements in a file.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        pub enum ElementType {
            $($(#[doc = $doc])+ $variant,)+
        }

        impl ElementType {
            /// Every type that the format knows.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)+];

            /// Its name in a header.
            #[must_use]
            pub const fn name(self) -> &'static str {
                match self {
                    $(Self::$variant => $name,)+
                }
            }

            /// Bits of one element.
            #[must_use]
            pub const fn bits(self) -> u64 {
                match self {
                    $(Self::$variant => $bits,)+
                }
            }
        }
    };
}

types! {
    /// True or false, a byte each.
    Bool = "BOOL", 8;
    /// 4-bit float.
    F4 = "F4", 4;
    /// 6-bit float, 2 bits of exponent.
    F6E2M3 = "F6_E2M3", 6;
    /// 6-bit float, 3 bits of exponent.
    F6E3M2 = "F6_E3M2", 6;
    /// 8-bit unsigned integer.
    U8 = "U8", 8;
    /// 8-bit integer.
    I8 = "I8", 8;
    /// 8-bit float, 5 bits of exponent.
    F8E5M2 = "F8_E5M2", 8;
    /// 8-bit float, 4 bits of exponent.
    F8E4M3 = "F8_E4M3", 8;
    /// 8-bit power of two.
    F8E8M0 = "F8_E8M0", 8;
    /// 8-bit float, 4 bits of exponent, one zero, no infinities.
    F8E4M3Fnuz = "F8_E4M3FNUZ", 8;
    /// 8-bit float, 5 bits of exponent, one zero, no infinities.
    F8E5M2Fnuz = "F8_E5M2FNUZ", 8;
    /// 16-bit integer.
    I16 = "I16", 16;
    /// 16-bit unsigned integer.
    U16 = "U16", 16;
    /// 16-bit float.
    F16 = "F16", 16;
    /// 16-bit brain float.
    Bf16 = "BF16", 16;
    /// 32-bit integer.
    I32 = "I32", 32;
    /// 32-bit unsigned integer.
    U32 = "U32", 32;
    /// 32-bit float.
    F32 = "F32", 32;
    /// Complex number of two 32-bit floats.
    C64 = "C64", 64;
    /// 64-bit float.
    F64 = "F64", 64;
    /// 64-bit integer.
    I64 = "I64", 64;
    /// 64-bit unsigned integer.
    U64 = "U64", 64;
}

impl ElementType {
    /// The type of that name in a header.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|this| this.name() == name)
    }

    /// Whether it is a float of 16 bits or more. Smaller ones come with scales of
    /// their own: reading them as they are gives other numbers.
    #[must_use]
    pub const fn is_plain_float(self) -> bool {
        matches!(self, Self::F16 | Self::Bf16 | Self::F32 | Self::F64)
    }
}

impl From<DType> for ElementType {
    fn from(dtype: DType) -> Self {
        match dtype {
            DType::F32 => Self::F32,
            DType::F16 => Self::F16,
            DType::Bf16 => Self::Bf16,
            DType::I8 => Self::I8,
        }
    }
}

impl fmt::Display for ElementType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}
