//! The effects that the steps of a plan have, by class, and what leave for a class would add.

use super::effect::{EffectClass, sources};
use super::phase::objects;
use super::plan::Plan;
use super::planned_step::Conditions;
use super::profile::Profile;
use super::skip::Skip;
use graph_contracts::contract::Contract;
use serde::Serialize;

/// What a plan has of a class of effects.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct EffectsOfClass {
    /// The class.
    pub class: EffectClass,
    /// What operations of the class do.
    pub what: &'static str,
    /// Whether the profile allows the class.
    pub allowed: bool,
    /// How many requests have effects of the class: those that would be sent, or are left out for their effects alone.
    pub requests: usize,
    /// How many requests leave for the class would add, those included that depend on them. None where they need leave for another
    /// class, too.
    pub adds: usize,
    /// The pages of the documentation that say what such operations do.
    pub sources: Vec<String>,
}

impl Plan {
    /// The effects of the plan that was made of these contracts under these conditions, by class.
    pub fn effects(
        &self,
        contracts: &[Contract],
        selected: &[usize],
        conditions: &Conditions<'_>,
    ) -> Vec<EffectsOfClass> {
        let active = self.active().count();
        let objects = objects(contracts);
        let drafts = Plan::drafts(contracts, selected, &objects, conditions);
        let active_with = |class: EffectClass| {
            let mut profile: Profile = conditions.profile.clone();
            profile.allow_effects.push(class);
            let conditions = Conditions { profile: &profile, ..conditions.clone() };
            Plan::of(drafts.clone(), contracts, &objects, &conditions).active().count()
        };
        let of_class = |class: EffectClass| {
            let is_about = |skip: &Option<Skip>| matches!(skip, None | Some(Skip::EffectNotAllowed(_)));
            let own = self.steps.iter().filter(|step| is_about(&step.skip));
            let requests = own.filter(|step| step.effects.iter().any(|effect| effect.class == class)).count();
            let allowed = conditions.profile.allow_effects.contains(&class);
            let adds = if allowed || requests == 0 { 0 } else { active_with(class).saturating_sub(active) };
            EffectsOfClass { class, what: class.what(), allowed, requests, adds, sources: sources(class) }
        };
        EffectClass::ALL.into_iter().map(of_class).filter(|own| own.requests > 0).collect()
    }
}
