//! The table of effects: by which names an operation is known to have effects of a class. Names are written as the documentation
//! writes them, and compared word by word (`words.rs`). Each row has the page of the documentation that says so.

use super::effect_class::EffectClass;

/// One row of the table.
#[derive(Clone, Copy, Debug)]
pub(super) struct Signs {
    pub(super) class: EffectClass,
    /// How the names of actions begin.
    pub(super) actions: &'static [&'static str],
    /// How a name of a route ends behind which any action has the effect.
    pub(super) objects: &'static [&'static str],
    /// How the last name of a route ends: that of a collection in which something is created, or of what is changed.
    pub(super) last: &'static [&'static str],
    /// How any name of a route ends.
    pub(super) route: &'static [&'static str],
    /// What is within any name of a route.
    pub(super) within: &'static [&'static str],
    /// What is within the names of all permissions that write.
    pub(super) permissions: &'static [&'static str],
    /// How the names of members of a body end. A name in the plural stands for itself alone.
    pub(super) members: &'static [&'static str],
    /// Names of a route, of which one has to be there.
    pub(super) only: &'static [&'static str],
    /// Names of a route, of which none may be there.
    pub(super) never: &'static [&'static str],
    /// Routes, without their keys, of which it is not to be.
    pub(super) never_at: &'static [&'static str],
    /// Whether an object without its switch on has no effect. See `switch.rs`.
    pub(super) can_be_off: bool,
    /// The page that says so, below <https://learn.microsoft.com/>.
    pub(super) source: &'static str,
}

/// A row without any sign.
const NONE: Signs = Signs {
    class: EffectClass::Other,
    actions: &[],
    objects: &[],
    last: &[],
    route: &[],
    within: &[],
    permissions: &[],
    members: &[],
    only: &[],
    never: &[],
    never_at: &[],
    can_be_off: false,
    source: "",
};

/// Where policies have no effect until they are assigned.
const INTUNE: [&str; 3] = ["deviceManagement", "deviceAppManagement", "officeConfiguration"];

/// The table.
pub(super) const SIGNS: &[Signs] = &[
    Signs {
        class: EffectClass::Messages,
        actions: &[
            "send",
            "reply",
            "forward",
            "notify",
            "remind",
            "accept",
            "decline",
            "tentativelyAccept",
            "cancel",
            "proposeNewTime",
            "announce",
            "broadcast",
        ],
        permissions: &["send"],
        members: &[
            "attendee",
            "recipient",
            "participant",
            "mention",
            "reviewer",
            "forwardTo",
            "redirectTo",
            "forwardAsAttachmentTo",
            "sendNotification",
            "sendEmail",
            "sendMail",
            "notifyUsers",
            "customerEmailAddress",
            "notificationRecipient",
            "primaryReviewer",
            "fallbackReviewer",
            "approver",
        ],
        source: "graph/api/user-post-events",
        ..NONE
    },
    Signs {
        class: EffectClass::Messages,
        last: &[
            "message",
            "reply",
            "post",
            "thread",
            "conversation",
            "comment",
            "announcement",
            "notification",
            "appointment",
            "request",
        ],
        // Messages in a mailbox are drafts until they are sent.
        never: &["mailFolder", "childFolder"],
        never_at: &["me/messages", "users/messages"],
        source: "graph/api/chatmessage-post",
        ..NONE
    },
    Signs {
        class: EffectClass::Messages,
        members: &["assignments"],
        only: &["planner"],
        source: "graph/api/resources/plannerassignments",
        ..NONE
    },
    Signs {
        class: EffectClass::Messages,
        route: &["accessReview"],
        source: "graph/api/accessreviewscheduledefinition-post",
        ..NONE
    },
    Signs {
        class: EffectClass::Calls,
        actions: &["call", "dial", "answer", "playPrompt", "recordResponse", "subscribeToTone", "sendDtmfTones"],
        route: &["call"],
        permissions: &["call"],
        source: "graph/api/application-post-calls",
        ..NONE
    },
    Signs {
        class: EffectClass::Invitations,
        actions: &["invite"],
        last: &["invitation", "invite", "invitee"],
        permissions: &["invite"],
        members: &["invitee", "invitedUserEmailAddress", "sendInvitation", "sendInvitationMessage", "invitation"],
        source: "graph/api/invitation-post",
        ..NONE
    },
    Signs {
        class: EffectClass::Memberships,
        actions: &["addMember", "removeMember", "addOwner", "removeOwner", "addUser", "removeUser", "removeAllAccess"],
        last: &["member", "owner", "teacher", "student", "sponsor", "membership"],
        route: &["accessReview"],
        permissions: &["member"],
        members: &["members", "owners", "teachers", "students", "memberIds", "sponsors"],
        source: "graph/api/group-post-members",
        ..NONE
    },
    Signs {
        class: EffectClass::Domains,
        route: &["domain", "internalDomainFederation", "federationConfiguration"],
        permissions: &["domain"],
        source: "graph/api/domain-post-domains",
        ..NONE
    },
    Signs {
        class: EffectClass::Devices,
        actions: &[
            "wipe",
            "retire",
            "erase",
            "remoteLock",
            "resetPasscode",
            "removePasscode",
            "recoverPasscode",
            "reboot",
            "shutDown",
            "locateDevice",
            "bypassActivationLock",
            "disableLostMode",
            "enableLostMode",
            "removeAllDevicesFromManagement",
        ],
        objects: &["device", "cloudPC", "cloudPCs", "deviceIdentity"],
        within: &["wipe", "retire"],
        permissions: &["privilegedOperation"],
        source: "graph/api/intune-devices-manageddevice-wipe",
        ..NONE
    },
    Signs {
        class: EffectClass::Policies,
        route: &[
            "policy",
            "conditionalAccess",
            "securityDefaults",
            "groupSetting",
            "directorySetting",
            "userFlow",
            "authenticationEventsFlow",
            "eventListener",
            "authenticationExtension",
            "identityProvider",
            "namedLocation",
            "authenticationStrength",
            "authenticationContextClassReference",
            "indicator",
            "workflow",
            "legalHold",
            "retentionLabel",
            "sensitivityLabel",
            "branding",
            "policyAssignment",
            "lifecycleWorkflow",
        ],
        permissions: &["policy"],
        never: &INTUNE,
        can_be_off: true,
        source: "graph/api/conditionalaccessroot-post-policies",
        ..NONE
    },
    Signs {
        class: EffectClass::Policies,
        actions: &["assign", "scheduleActions", "targetApps", "setPriority", "publish", "deploy"],
        last: &["assignment", "groupAssignment"],
        members: &["assignments", "roleScopeTagAssignments", "groupAssignments"],
        only: &INTUNE,
        source: "graph/api/intune-deviceconfig-deviceconfiguration-assign",
        ..NONE
    },
    Signs {
        class: EffectClass::Policies,
        members: &["stateEnabled"],
        can_be_off: true,
        source: "graph/api/resources/conditionalaccesspolicy",
        ..NONE
    },
    Signs {
        class: EffectClass::SignIns,
        actions: &[
            "resetPassword",
            "changePassword",
            "setPassword",
            "updateAdDomainPassword",
            "revoke",
            "invalidate",
            "confirmCompromised",
            "confirmSafe",
            "dismiss",
            "enableSmsSignIn",
            "disableSmsSignIn",
            "unlock",
            "signOut",
            "block",
        ],
        route: &["authentication", "riskyUser", "riskyServicePrincipal", "signIn"],
        permissions: &["userAuthenticationMethod", "passwordProfile", "revokeSession", "riskyUser"],
        source: "graph/api/user-revokesigninsessions",
        ..NONE
    },
    Signs {
        class: EffectClass::Licenses,
        actions: &["assignLicense", "reprocessLicense", "syncLicenses", "revokeLicense"],
        within: &["license", "subscribedSku", "vppToken"],
        permissions: &["license", "licenseAssignment"],
        members: &["license", "addLicenses", "removeLicenses", "skuId"],
        source: "graph/api/user-assignlicense",
        ..NONE
    },
    Signs {
        class: EffectClass::Payments,
        actions: &[
            "post",
            "pay",
            "purchase",
            "buy",
            "order",
            "charge",
            "refund",
            "ship",
            "invoice",
            "makeInvoice",
            "makeOrder",
            "makeCorrective",
            "receiveAndInvoice",
            "receive",
            "capture",
            "checkoutCart",
        ],
        within: &["payment", "purchase", "billing", "refund", "commerce", "payroll"],
        permissions: &["payment", "purchase", "billing", "commerce"],
        members: &["paymentMethod", "purchaseOrder", "creditCard"],
        source: "dynamics365/business-central/dev-itpro/api-reference/v2.0/resources/dynamics_salesinvoice",
        ..NONE
    },
    Signs {
        class: EffectClass::Permissions,
        actions: &[
            "invite",
            "createLink",
            "grant",
            "share",
            "addPassword",
            "removePassword",
            "addKey",
            "removeKey",
            "addTokenSigning",
            "generateKey",
            "uploadPkcs12",
            "uploadSecret",
            "uploadCertificate",
            "uploadClientCertificate",
            "assignRole",
            "consent",
            "activate",
            "elevate",
            "approve",
        ],
        last: &[
            "permission",
            "permissionGrant",
            "appRoleAssignedTo",
            "roleMember",
            "share",
            "sharingLink",
            "link",
            "permissionClassification",
            "credential",
            "scheduleRequest",
            "assignmentRequest",
            "directoryRole",
            "delegatedAdminRelationship",
            "certificate",
            "tokenSigningCertificate",
            "appRoleAssignment",
            "roleAssignment",
        ],
        permissions: &[
            "permissionGrant",
            "appRoleAssignment",
            "roleManagement",
            "roleAssignment",
            "roleEligibility",
            "entitlementManagement",
            "privilegedAccess",
            "privilegedAssignment",
            "delegatedAdmin",
        ],
        members: &[
            "keyCredential",
            "passwordCredential",
            "appRoleId",
            "roleDefinitionId",
            "consentType",
            "grantedTo",
            "grantedToV2",
            "grantedToIdentities",
        ],
        source: "graph/api/oauth2permissiongrant-post",
        ..NONE
    },
    Signs {
        class: EffectClass::Permissions,
        last: &["assignment"],
        never: &["deviceManagement", "deviceAppManagement", "officeConfiguration", "education", "planner"],
        source: "graph/api/serviceprincipal-post-approleassignments",
        ..NONE
    },
    Signs {
        class: EffectClass::Webhooks,
        actions: &["subscribe", "reauthorize", "renewSubscription"],
        last: &[
            "subscription",
            "webhook",
            "connector",
            "workforceIntegration",
            "customExtension",
            "calloutExtension",
            "hook",
            "workflowExtension",
            "partner",
            "apiConnector",
        ],
        members: &[
            "notificationUrl",
            "notificationUri",
            "callbackUrl",
            "callbackUri",
            "callback",
            "webhookUrl",
            "webhookUri",
            "webhook",
            "hookUrl",
            "hookUri",
            "targetUrl",
            "targetUri",
            "endpointUrl",
            "endpointUri",
            "listenerUrl",
            "postbackUrl",
            "eventUrl",
            "pushUrl",
            "deliveryUrl",
            "eventHubUri",
        ],
        source: "graph/api/subscription-post-subscriptions",
        ..NONE
    },
];

#[cfg(test)]
mod tests {
    use super::*;
    use graph_contracts_testing::project;

    /// The table as the guide has it, a line for each class.
    fn documented() -> String {
        let line = |class: EffectClass| {
            let rows: Vec<&Signs> = SIGNS.iter().filter(|signs| signs.class == class).collect();
            let names = |of: fn(&Signs) -> Vec<&'static str>| {
                let mut names: Vec<&str> = Vec::new();
                for name in rows.iter().flat_map(|signs| of(signs)) {
                    if !names.contains(&name) {
                        names.push(name);
                    }
                }
                names.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ")
            };
            let cells = [
                format!("`{class}`"),
                class.what().to_owned(),
                names(|signs| signs.actions.to_vec()),
                names(|signs| [signs.last, signs.route, signs.within, signs.objects].concat()),
                names(|signs| signs.permissions.to_vec()),
                names(|signs| signs.members.to_vec()),
            ];
            let sources = rows
                .iter()
                .enumerate()
                .map(|(at, signs)| format!("[{}](https://learn.microsoft.com/{})", at + 1, signs.source));
            format!("| {} | {} |\n", cells.join(" | "), sources.collect::<Vec<_>>().join(" "))
        };
        EffectClass::ALL.map(line).concat()
    }

    #[test]
    fn the_guide_has_the_table() {
        let guide = std::fs::read_to_string(project("docs/verify-live.md")).expect("the guide");
        let table = documented();
        assert!(guide.contains(&table), "docs/verify-live.md should have this table:\n{table}");
    }
}
