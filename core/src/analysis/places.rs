//! Places for what an analysis finds of each value, at run time.
//!
//! Without an allocator they lie on the stack, and a stack frame has a size that the
//! compiler knows. So there is a function for each of some numbers of places, and the
//! one with enough is called through a table of pointers: that a call goes to a
//! pointer which is read at run time keeps their frames apart, whatever is optimised.

use crate::error::Error;

/// How much of the stack places take at most: less than the 2 MiB of a thread.
const MOST_BYTES: usize = 1_600 << 10;

/// A function that calls another one with so many places.
type Frame<T> = fn(T, usize, &mut dyn FnMut(&mut [T]));

/// How many places the frames have, less than twice what was asked for each.
const SIZES: [usize; 14] = [
    8, 32, 64, 128, 256, 512, 1024, 2048, 4096, 8192, 12_288, 16_384, 32_768, 65_536,
];

/// Calls a function with so many places, which hold `empty`.
///
/// # Errors
///
/// [`Error::TooManyValues`] when the places would not fit a thread's stack.
pub(crate) fn with_places<T: Copy>(
    count: usize,
    empty: T,
    then: &mut dyn FnMut(&mut [T]),
) -> Result<(), Error> {
    let frames: [Frame<T>; SIZES.len()] = const {
        [
            frame::<T, { SIZES[0] }>,
            frame::<T, { SIZES[1] }>,
            frame::<T, { SIZES[2] }>,
            frame::<T, { SIZES[3] }>,
            frame::<T, { SIZES[4] }>,
            frame::<T, { SIZES[5] }>,
            frame::<T, { SIZES[6] }>,
            frame::<T, { SIZES[7] }>,
            frame::<T, { SIZES[8] }>,
            frame::<T, { SIZES[9] }>,
            frame::<T, { SIZES[10] }>,
            frame::<T, { SIZES[11] }>,
            frame::<T, { SIZES[12] }>,
            frame::<T, { SIZES[13] }>,
        ]
    };
    let most = MOST_BYTES / size_of::<T>().max(1);
    let fits = SIZES
        .iter()
        .zip(frames)
        .take_while(|(size, _)| **size <= most);
    let largest = fits.clone().last().map_or(0, |(size, _)| *size);
    let mut enough = fits.filter(|(size, _)| **size >= count);
    match enough.next() {
        Some((_, frame)) => {
            frame(empty, count, then);
            Ok(())
        }
        None => Err(Error::TooManyValues {
            values: count,
            most: largest,
        }),
    }
}

#[inline(never)]
fn frame<T: Copy, const PLACES: usize>(empty: T, count: usize, then: &mut dyn FnMut(&mut [T])) {
    let mut places = [empty; PLACES];
    then(&mut places[..count]);
}
