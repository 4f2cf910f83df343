//! Positions as angles.

use std::f64::consts::TAU;

use shapewise_core::layer::attention::{Rotary, RotaryScaling};
use shapewise_core::layer::embedding::Sinusoids;

use super::movement::places;
use crate::dims::{Dim, sizes};
use crate::engine::{Engine, Made, known};

/// The angle of each pair at position 1, and what all that is turned is multiplied by.
#[expect(clippy::cast_precision_loss, reason = "numbers in floating point")]
pub(crate) fn frequencies(rotary: &Rotary) -> (Vec<f64>, f64) {
    let pairs = rotary.features / 2;
    let plain = |pair: usize| {
        let exponent = 2.0 * pair as f64 / rotary.features as f64;
        rotary.base.powf(-exponent)
    };
    let plain: Vec<f64> = (0..pairs).map(plain).collect();
    let each = |f: &dyn Fn(usize, f64) -> f64| {
        let pairs = plain.iter().enumerate();
        pairs.map(|(pair, angle)| f(pair, *angle)).collect()
    };
    match rotary.scaling {
        RotaryScaling::None => (plain, 1.0),
        RotaryScaling::LongRope {
            attention_factor, ..
        } => (plain, attention_factor),
        RotaryScaling::Linear { factor } => (each(&|_, angle| angle / factor), 1.0),
        RotaryScaling::Llama3 {
            factor,
            original_positions,
            low_freq_factor,
            high_freq_factor,
        } => {
            let scaled = |_, angle: f64| {
                // How often the pair turns in the positions of the training.
                let turns = original_positions as f64 * angle / TAU;
                if turns < low_freq_factor {
                    angle / factor
                } else if turns > high_freq_factor {
                    angle
                } else {
                    let quick = (turns - low_freq_factor) / (high_freq_factor - low_freq_factor);
                    (1.0 - quick) * angle / factor + quick * angle
                }
            };
            (each(&scaled), 1.0)
        }
        RotaryScaling::Yarn {
            factor,
            original_positions,
            beta_fast,
            beta_slow,
            attention_factor,
            truncate,
        } => {
            // The pair that turns so often in the positions of the training.
            let pair_of = |turns: f64| {
                let ratio = original_positions as f64 / (turns * TAU);
                rotary.features as f64 * ratio.ln() / (2.0 * rotary.base.ln())
            };
            let (mut first, mut last) = (pair_of(beta_fast), pair_of(beta_slow));
            if truncate {
                (first, last) = (first.floor(), last.ceil());
            }
            first = first.max(0.0);
            last = last.min(rotary.features as f64 - 1.0);
            if first >= last {
                last = first + 0.001;
            }
            let scaled = |pair, angle: f64| {
                let slow = ((pair as f64 - first) / (last - first)).clamp(0.0, 1.0);
                slow * angle / factor + (1.0 - slow) * angle
            };
            let whole = match attention_factor {
                Some(factor) => factor,
                None if factor > 1.0 => 0.1 * factor.ln() + 1.0,
                None => 1.0,
            };
            (each(&scaled), whole)
        }
    }
}

/// The angles of the positions, `positions x angles`.
pub(crate) fn angles<E: Engine>(
    e: &mut E,
    positions: usize,
    start: usize,
    each: &[f64],
) -> Made<E> {
    let rows = places(e, positions, [positions, 1])?;
    #[expect(clippy::cast_precision_loss, reason = "a position in floating point")]
    let rows = match start {
        0 => rows,
        start => e.add_scalar(rows, start as f64)?,
    };
    let each = e.floats(each, &[1, each.len()])?;
    e.mul(rows, each)
}

/// What the angles are made of besides what is known beforehand, each `N x ...`.
#[derive(Clone, Debug)]
pub(crate) struct Given<V> {
    /// What the angle of each pair is divided by.
    pub(crate) factors: Option<V>,
    /// Where each position stands.
    pub(crate) positions: Option<V>,
}

impl<V> Default for Given<V> {
    fn default() -> Self {
        Self {
            factors: None,
            positions: None,
        }
    }
}

/// The angles of the positions, `N x positions x 1 x pairs`, of which the samples are one where all
/// have the same.
fn turns<E: Engine>(e: &mut E, length: usize, each: &[f64], given: Given<E::Value>) -> Made<E> {
    let pairs = each.len();
    let front = |e: &E, x: &E::Value, [rows, columns]: [usize; 2]| {
        [
            e.dims(x)[0],
            Dim::Size(rows),
            Dim::Size(1),
            Dim::Size(columns),
        ]
    };
    let angles = match given.positions {
        Some(positions) => {
            let dims = front(e, &positions, [length, 1]);
            let positions = e.reshape(positions, &dims)?;
            let each = e.floats(each, &[1, 1, 1, pairs])?;
            e.mul(positions, each)?
        }
        None => {
            let angles = angles(e, length, 0, each)?;
            e.reshape(angles, &sizes(&[1, length, 1, pairs]))?
        }
    };
    match given.factors {
        Some(factors) => {
            let dims = front(e, &factors, [1, pairs]);
            let factors = e.reshape(factors, &dims)?;
            e.div(angles, factors)
        }
        None => Ok(angles),
    }
}

/// `N x L x h x F`, the features turned by the positions.
pub(crate) fn rotated<E: Engine>(
    e: &mut E,
    x: E::Value,
    rotary: &Rotary,
    given: Given<E::Value>,
) -> Made<E> {
    let dims = e.dims(&x);
    let extents = known(e, &x);
    let (length, features) = (extents[1], extents[3]);
    let end = rotary.start + rotary.features;
    let pairs = rotary.features / 2;
    let (each, whole) = frequencies(rotary);
    let angles = turns(e, length, &each, given)?;
    let turn = |e: &mut E, x: E::Value| match whole {
        1.0 => Ok(x),
        whole => e.mul_scalar(x, whole),
    };
    let cos = e.cos(angles.clone())?;
    let cos = turn(e, cos)?;
    let sin = e.sin(angles)?;
    let sin = turn(e, sin)?;
    let turned = match rotary.features == features {
        true => x.clone(),
        false => e.slice(x.clone(), 3, rotary.start, end)?,
    };
    let (a, b) = if rotary.interleaved {
        let mut apart = dims.clone();
        apart[3] = Dim::Size(pairs);
        apart.push(Dim::Size(2));
        let pairs = e.reshape(turned, &apart)?;
        (e.at(pairs.clone(), 4, 0)?, e.at(pairs, 4, 1)?)
    } else {
        let mut halves = e.split(turned, 3, &[pairs, pairs])?.into_iter();
        match (halves.next(), halves.next()) {
            (Some(a), Some(b)) => (a, b),
            _ => return Ok(x),
        }
    };
    let (ac, bs) = (
        e.mul(a.clone(), cos.clone())?,
        e.mul(b.clone(), sin.clone())?,
    );
    let (bc, a_s) = (e.mul(b, cos)?, e.mul(a, sin)?);
    let (first, second) = (e.sub(ac, bs)?, e.add(bc, a_s)?);
    let mut turned_dims = dims.clone();
    turned_dims[3] = Dim::Size(rotary.features);
    let y = if rotary.interleaved {
        let mut one = dims.clone();
        one[3] = Dim::Size(pairs);
        one.push(Dim::Size(1));
        let (first, second) = (e.reshape(first, &one)?, e.reshape(second, &one)?);
        let y = e.concat(vec![first, second], 4)?;
        e.reshape(y, &turned_dims)?
    } else {
        e.concat(vec![first, second], 3)?
    };
    let mut parts = Vec::new();
    if rotary.start > 0 {
        parts.push(e.slice(x.clone(), 3, 0, rotary.start)?);
    }
    parts.push(y);
    if end < features {
        parts.push(e.slice(x, 3, end, features)?);
    }
    match parts.len() {
        1 => Ok(parts.swap_remove(0)),
        _ => e.concat(parts, 3),
    }
}

/// Sines and cosines of so many positions, `1 x positions x features`.
pub(crate) fn sinusoids<E: Engine>(
    e: &mut E,
    [positions, features]: [usize; 2],
    table: &Sinusoids,
) -> Made<E> {
    let each = frequencies_of(features, table);
    let angles = angles(e, positions, table.start, &each)?;
    let table = paired(e, angles, table)?;
    e.reshape(table, &sizes(&[1, positions, features]))
}

/// Sines and cosines of the numbers themselves, on an axis behind the others.
pub(crate) fn sinusoids_of<E: Engine>(e: &mut E, x: E::Value, table: &Sinusoids) -> Made<E> {
    let each = frequencies_of(table.features.unwrap_or(0), table);
    #[expect(clippy::cast_precision_loss, reason = "a position in floating point")]
    let x = match table.start {
        0 => x,
        start => e.add_scalar(x, start as f64)?,
    };
    let mut dims = e.dims(&x);
    dims.push(Dim::Size(1));
    let x = e.reshape(x, &dims)?;
    let mut one = vec![1; dims.len()];
    one[dims.len() - 1] = each.len();
    let each = e.floats(&each, &one)?;
    let angles = e.mul(x, each)?;
    paired(e, angles, table)
}

/// How quickly the angle of each pair grows.
fn frequencies_of(features: usize, table: &Sinusoids) -> Vec<f64> {
    let rotary = Rotary {
        features,
        start: 0,
        base: table.base,
        interleaved: table.interleaved,
        scaling: RotaryScaling::None,
    };
    frequencies(&rotary).0
}

/// Sines and cosines of angles, along the last axis: side by side, or all of one before all of
/// the other.
fn paired<E: Engine>(e: &mut E, angles: E::Value, table: &Sinusoids) -> Made<E> {
    let mut dims = e.dims(&angles);
    let last = dims.len() - 1;
    let mut both = vec![e.sin(angles.clone())?, e.cos(angles)?];
    if table.cosine_first {
        both.reverse();
    }
    if !table.interleaved {
        return e.concat(both, last);
    }
    let pairs = dims[last];
    dims.push(Dim::Size(1));
    let mut parts = Vec::new();
    for part in both {
        parts.push(e.reshape(part, &dims)?);
    }
    let table = e.concat(parts, last + 1)?;
    dims.pop();
    dims[last] = Dim::Size(2 * pairs.size().unwrap_or(0));
    e.reshape(table, &dims)
}
