//! Products over named axes, as products of matrices.

use shapewise_core::{Equation, Letters};

use crate::dims::Dim;
use crate::engine::{Engine, Made};
use crate::lowering::{Lowered, Lowering, product};

/// A value with the letters of its axes, behind that of the batch.
struct Named<V> {
    value: V,
    letters: Vec<u8>,
}

pub(super) fn lower<E: Engine>(l: &mut Lowering<'_, E>, equation: &Equation) -> Lowered<E> {
    let mut so_far: Option<Named<E::Value>> = None;
    for (place, value) in std::mem::take(&mut l.inputs).into_iter().enumerate() {
        let own = Named {
            value: l.channels_last(value)?,
            letters: equation.operand(place).as_bytes().to_vec(),
        };
        let kept = equation.multiplied(place);
        so_far = Some(match so_far {
            Some(before) => multiplied(l.engine, before, own, &kept)?,
            None => without(l.engine, own, |letter| kept.has(letter))?,
        });
    }
    let all = so_far.ok_or(crate::error::Fault::Overflow)?;
    let value = arranged(l.engine, all, equation.result().as_bytes())?;
    Ok(l.back_from_channels_last(value)?)
}

/// The product of two values, summed over what is not kept.
fn multiplied<E: Engine>(
    e: &mut E,
    left: Named<E::Value>,
    right: Named<E::Value>,
    kept: &Letters,
) -> Lowered<E, Named<E::Value>> {
    let needed = |other: Vec<u8>| move |letter| kept.has(letter) || other.contains(&letter);
    let left = without(e, left, needed(right.letters.clone()))?;
    let right = without(e, right, needed(left.letters.clone()))?;
    let both = |keep: bool| {
        let shared = left.letters.iter().copied();
        let shared = shared.filter(|letter| right.letters.contains(letter));
        shared
            .filter(|letter| kept.has(*letter) == keep)
            .collect::<Vec<u8>>()
    };
    let (batch, summed) = (both(true), both(false));
    let only = |own: &Named<E::Value>, other: &Named<E::Value>| {
        let own = own.letters.iter().copied();
        own.filter(|letter| !other.letters.contains(letter))
            .collect::<Vec<u8>>()
    };
    let (rows, columns) = (only(&left, &right), only(&right, &left));
    let letters = [&batch[..], &rows, &columns].concat();
    let sizes = |own: &Named<E::Value>, e: &E, letters: &[u8]| -> Vec<Dim> {
        let dims = e.dims(&own.value);
        let place = |letter| own.letters.iter().position(|other| *other == letter);
        let places = letters.iter().filter_map(|letter| place(*letter));
        places.map(|place| dims[place + 1]).collect()
    };
    let front = e.dims(&left.value)[0];
    let of_batch = sizes(&left, e, &batch);
    let (of_rows, of_columns) = (sizes(&left, e, &rows), sizes(&right, e, &columns));
    let ones = |letters: &[u8]| vec![Dim::Size(1); letters.len()];
    if summed.is_empty() {
        // Each element is one product.
        let order = [&batch[..], &rows].concat();
        let a = arranged(e, left, &order)?;
        let dims = [&[front], &of_batch[..], &of_rows, &ones(&columns)].concat();
        let a = e.reshape(a, &dims)?;
        let order = [&batch[..], &columns].concat();
        let b = arranged(e, right, &order)?;
        let dims = [&[front], &of_batch[..], &ones(&rows), &of_columns].concat();
        let b = e.reshape(b, &dims)?;
        let value = e.mul(a, b)?;
        return Ok(Named { value, letters });
    }
    let of_summed = sizes(&left, e, &summed);
    let one = |dims: &[Dim]| -> Lowered<E, Dim> {
        let sizes: Vec<_> = dims.iter().filter_map(|dim| dim.size()).collect();
        Ok(Dim::Size(product::<E>(&sizes)?))
    };
    let matrices = |first: &[Dim], second: &[Dim]| -> Lowered<E, Vec<Dim>> {
        Ok(vec![front, one(&of_batch)?, one(first)?, one(second)?])
    };
    let order = [&batch[..], &rows, &summed].concat();
    let a = arranged(e, left, &order)?;
    let a = e.reshape(a, &matrices(&of_rows, &of_summed)?)?;
    let order = [&batch[..], &summed, &columns].concat();
    let b = arranged(e, right, &order)?;
    let b = e.reshape(b, &matrices(&of_summed, &of_columns)?)?;
    let value = e.matmul(a, b)?;
    let dims = [&[front], &of_batch[..], &of_rows, &of_columns].concat();
    let value = e.reshape(value, &dims)?;
    Ok(Named { value, letters })
}

/// Summed over the axes whose letters are not needed.
fn without<E: Engine>(
    e: &mut E,
    own: Named<E::Value>,
    needed: impl Fn(u8) -> bool,
) -> Result<Named<E::Value>, E::Error> {
    let (letters, others): (Vec<u8>, Vec<u8>) =
        own.letters.iter().partition(|letter| needed(**letter));
    if others.is_empty() {
        return Ok(own);
    }
    let axes = own.letters.iter().enumerate();
    let axes = axes.filter(|(_, letter)| others.contains(letter));
    let axes: Vec<usize> = axes.map(|(place, _)| place + 1).collect();
    let value = e.sum(own.value, &axes, false)?;
    Ok(Named { value, letters })
}

/// The axes behind the batch in the order of these letters, which are all that it has.
fn arranged<E: Engine>(e: &mut E, own: Named<E::Value>, letters: &[u8]) -> Made<E> {
    let place = |letter: &u8| own.letters.iter().position(|other| other == letter);
    let places = letters.iter().filter_map(place).map(|place| place + 1);
    let order: Vec<usize> = std::iter::once(0).chain(places).collect();
    match order.is_sorted() {
        true => Ok(own.value),
        false => e.permute(own.value, &order),
    }
}
