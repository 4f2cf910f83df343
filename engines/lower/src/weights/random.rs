//! Random numbers that are the same on every machine.

use std::f64::consts::TAU;

/// A generator. Source: SplitMix64 of Steele, Lea and Flood, Fast splittable
/// pseudorandom number generators, 2014.
#[derive(Clone, Debug)]
pub(crate) struct Random {
    state: u64,
    /// The second of two normal numbers that come together.
    spare: Option<f64>,
}

impl Random {
    /// The numbers of a seed for something of this name.
    pub(crate) fn new(seed: u64, name: &str) -> Self {
        Self::keyed(seed, Self::key(name))
    }

    /// The number that stands for a name: FNV-1a.
    pub(crate) fn key(name: &str) -> u64 {
        name.bytes().fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
            (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
        })
    }

    /// The numbers of a seed for the name of this key, mixed by the first step.
    pub(crate) fn keyed(seed: u64, key: u64) -> Self {
        let mut random = Self {
            state: key,
            spare: None,
        };
        random.state = random.next().wrapping_add(seed);
        random.next();
        random
    }

    fn next(&mut self) -> u64 {
        self.state = self.state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.state;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// A number from 0 up to, but not, 1.
    pub(crate) fn uniform(&mut self) -> f64 {
        #[expect(clippy::cast_precision_loss, reason = "53 bits, which a double has")]
        let bits = (self.next() >> 11) as f64;
        bits / 9_007_199_254_740_992.0
    }

    /// A number of the normal distribution with the mean 0 and the deviation 1.
    /// Source: Box and Muller, A note on the generation of random normal deviates,
    /// 1958.
    pub(crate) fn normal(&mut self) -> f64 {
        if let Some(spare) = self.spare.take() {
            return spare;
        }
        let radius = (-2.0 * (1.0 - self.uniform()).ln()).sqrt();
        let (sine, cosine) = (TAU * self.uniform()).sin_cos();
        self.spare = Some(radius * sine);
        radius * cosine
    }
}

#[cfg(test)]
mod tests {
    use super::Random;

    #[test]
    fn numbers_are_those_of_splitmix64() {
        let mut random = Random {
            state: 0,
            spare: None,
        };
        // Published with the generator, for the seed 0.
        let first = [
            0xe220_a839_7b1d_cdaf,
            0x6e78_9e6a_a1b9_65f4,
            0x06c4_5d18_8009_454f,
        ];
        assert_eq!(first, [0; 3].map(|_| random.next()));
    }
}
