//! One mistake, one error: mistakes are planted in published networks, and the
//! errors are counted.
//!
//! Every third mistake that `tests/mutations/sites.rs` knows is planted, as a
//! seed decides; with `EXHAUSTIVE=1` in the environment, every one. `--nocapture`
//! shows what was counted, and those that are told twice.

#[path = "mutations/networks.rs"]
mod networks;
#[path = "mutations/outcome.rs"]
mod outcome;
#[path = "mutations/planting.rs"]
mod planting;
#[path = "mutations/rustc.rs"]
mod rustc;
#[path = "mutations/sites.rs"]
mod sites;
#[path = "mutations/survey.rs"]
mod survey;

use std::collections::BTreeMap;

use networks::{Network, networks};
use outcome::Told;
use sites::{Kind, Site};

/// Numbers that are the same in every run (SplitMix64).
struct Seeded(u64);

impl Seeded {
    fn below(&mut self, bound: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        usize::try_from((mixed ^ (mixed >> 31)) % bound as u64).expect("a small number")
    }
}

/// A mistake in words, with what is told of it.
fn describe(network: &Network, site: &Site, told: &[Told]) -> String {
    let line = sites::line(&network.source, site.at.start);
    let old = &network.source[site.at.clone()];
    let mut text = format!(
        "{:?} in {}:{line} `{old}` -> `{}`",
        site.kind, network.name, site.text
    );
    for told in told {
        text.push_str(&format!("\n    line {}: {}", told.line, told.message));
    }
    text
}

#[test]
fn networks_without_mistakes_have_no_errors() {
    let networks = networks();
    assert!(networks.len() >= 13, "{}", networks.len());
    for network in networks {
        let told = outcome::errors(&network.source).expect("tokens");
        assert!(told.is_empty(), "{}: {told:?}", network.name);
        let broken = outcome::broken(&network.source);
        assert!(broken.is_empty(), "{}: {broken:?}", network.name);
    }
}

#[test]
fn one_mistake_is_one_error() {
    let every = std::env::var_os("EXHAUSTIVE").is_some();
    let mut seeded = Seeded(6);
    // By kind: those with no, one, several errors.
    let mut counts: BTreeMap<Kind, [usize; 3]> = BTreeMap::new();
    let (mut unseen, mut several, mut astray) = (Vec::new(), Vec::new(), Vec::new());
    for network in networks() {
        for site in sites::sites(&network.source) {
            if !every && seeded.below(3) > 0 {
                continue;
            }
            let source = site.apply(&network.source);
            let Some(told) = outcome::errors(&source) else {
                continue;
            };
            counts.entry(site.kind).or_default()[told.len().min(2)] += 1;
            match told.as_slice() {
                [] => {
                    let broken = outcome::broken(&source);
                    if site.certain || !broken.is_empty() {
                        unseen.push(format!("{} {broken:?}", describe(&network, &site, &told)));
                    }
                }
                [one] if site.lines.iter().any(|lines| lines.contains(&one.line)) => {}
                [_] => astray.push(describe(&network, &site, &told)),
                _ => several.push(describe(&network, &site, &told)),
            }
        }
    }
    println!("several errors:\n{}\n", several.join("\n"));
    println!("at another line:\n{}\n", astray.join("\n"));
    println!("none, one, several: {counts:?}");
    assert!(unseen.is_empty(), "no error:\n{}", unseen.join("\n"));
    let seen: usize = counts.values().map(|count| count[1] + count[2]).sum();
    assert!(seen >= 1000, "only {seen} mistakes were seen");
    for (kind, [_, one, more]) in &counts {
        let share = 100 * one / (one + more).max(1);
        assert!(
            share >= 95 || *more <= 2,
            "{kind:?}: {more} of {}",
            one + more
        );
    }
    // The others depend on a value that is declared and read further up.
    assert!(several.len() * 50 <= seen, "{} of {seen}", several.len());
    assert!(astray.len() * 100 <= seen, "{}", astray.join("\n"));
}

/// A network with several mistakes that know nothing of each other, and how many.
fn with_mistakes(network: &Network, sites: &[Site], seeded: &mut Seeded) -> (String, usize) {
    let most = 2 + seeded.below(3);
    let mut chosen: Vec<&Site> = Vec::new();
    for _ in 0..40 {
        let site = &sites[seeded.below(sites.len())];
        let Some(reach) = &site.reach else { continue };
        let apart = chosen.iter().all(|other| {
            let other = other.reach.as_ref().expect("a reach");
            other.end < reach.start || reach.end < other.start
        });
        if apart
            && chosen.len() < most
            && outcome::errors(&site.apply(&network.source))
                .is_some_and(|told| matches!(told.as_slice(), [one] if reach.contains(&one.line)))
        {
            chosen.push(site);
        }
    }
    chosen.sort_by_key(|site| std::cmp::Reverse(site.at.start));
    let mut source = network.source.clone();
    for site in &chosen {
        source = site.apply(&source);
    }
    (source, chosen.len())
}

#[test]
fn independent_mistakes_are_all_told() {
    let mut seeded = Seeded(7);
    let (mut planted, mut exact, mut wrong) = (0, 0, Vec::new());
    for network in networks() {
        let sites = sites::sites(&network.source);
        for _ in 0..12 {
            let (source, mistakes) = with_mistakes(&network, &sites, &mut seeded);
            if mistakes < 2 {
                continue;
            }
            let told = outcome::errors(&source).expect("tokens");
            planted += 1;
            if told.len() == mistakes {
                exact += 1;
            } else {
                wrong.push(format!(
                    "{}: {mistakes} mistakes, {told:#?}\n{source}",
                    network.name
                ));
            }
        }
    }
    println!(
        "{planted} networks, {exact} with an error per mistake\n{}",
        wrong.join("\n")
    );
    assert!(planted >= 80, "only {planted}");
    assert!(exact * 100 >= planted * 95, "{exact} of {planted}");
}

#[test]
fn rustc_adds_no_errors() {
    let mut seeded = Seeded(8);
    let mut sources = Vec::new();
    let mut expected = Vec::new();
    for network in networks() {
        let sites = sites::sites(&network.source);
        for _ in 0..12 {
            let site = &sites[seeded.below(sites.len())];
            let source = site.apply(&network.source);
            if let Some(told) = outcome::errors(&source)
                && !told.is_empty()
            {
                expected.push((told.len(), describe(&network, site, &told)));
                sources.push(source);
            }
        }
    }
    assert!(sources.len() >= 100, "only {}", sources.len());
    let found = rustc::errors(&sources);
    for (number, (errors, what)) in expected.iter().enumerate() {
        let said = found.get(&number).map_or(&[][..], Vec::as_slice);
        assert_eq!(said.len(), *errors, "{what}\nrustc: {said:#?}");
    }
}
