//! Positions as angles.

use std::f64::consts::TAU;

use shapewise_core::layer::attention::{Rotary, RotaryScaling};

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

/// `N x L x h x F`, the features turned by the positions.
pub(crate) fn rotated<E: Engine>(e: &mut E, x: E::Value, rotary: &Rotary) -> Made<E> {
    let dims = e.dims(&x);
    let extents = known(e, &x);
    let (length, features) = (extents[1], extents[3]);
    let end = rotary.start + rotary.features;
    let pairs = rotary.features / 2;
    let (each, whole) = frequencies(rotary);
    let angles = angles(e, length, 0, &each)?;
    let turn = |e: &mut E, x: E::Value| {
        let x = e.reshape(x, &sizes(&[1, length, 1, pairs]))?;
        match whole {
            1.0 => Ok(x),
            whole => e.mul_scalar(x, whole),
        }
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
    [positions, start, features]: [usize; 3],
    base: f64,
    interleaved: bool,
) -> Made<E> {
    let pairs = features / 2;
    let rotary = Rotary {
        features,
        start: 0,
        base,
        interleaved,
        scaling: RotaryScaling::None,
    };
    let (each, _) = frequencies(&rotary);
    let angles = angles(e, positions, start, &each)?;
    let (sin, cos) = (e.sin(angles.clone())?, e.cos(angles)?);
    let table = if interleaved {
        let one = sizes(&[positions, pairs, 1]);
        let (sin, cos) = (e.reshape(sin, &one)?, e.reshape(cos, &one)?);
        e.concat(vec![sin, cos], 2)?
    } else {
        e.concat(vec![sin, cos], 1)?
    };
    e.reshape(table, &sizes(&[1, positions, features]))
}
