//! Each kind of change is found where `docs/diff.md` says: in two sets of contracts, in two documents of metadata, in a review.

use std::collections::{BTreeMap, BTreeSet};

use super::metadata::SERVICE;
use super::support::{LAMP, Pages, declared_form, diff_metadata, diff_pages, edited, store};
use crate::Kind;
use crate::review::{Of, changes, mark_healed, new_contract};
use graph_contracts::normal::NormalForm;
use graph_contracts_testing::project;

/// A page that reads a lamp, and one that sends it; `resources/lamp.md` says what it is.
const READ: &str = "# Get lamp\n\n```http\nGET https://graph.microsoft.com/v1.0/lamps/1\n```\n\n\
    <!-- { \"blockType\": \"response\", \"@odata.type\": \"microsoft.graph.lamp\" } -->\n\
    ```http\nHTTP/1.1 200 OK\n\n{ \"state\": \"on\", \"watts\": 1, \"hue\": 1, \"lit\": \"2024-01-01\" }\n```\n";
const SEND: &str = "# Set lamp\n\n```http\nPOST https://graph.microsoft.com/v1.0/lamps\n\n\
    { \"@odata.type\": \"#microsoft.graph.lamp\", \"state\": \"on\", \"watts\": 1, \"hue\": 1, \"lit\": \"2024-01-01\" }\n```\n\n\
    ```http\nHTTP/1.1 204 No Content\n```\n";
const RESOURCE: &str = "# lamp resource type\n\nNamespace: microsoft.graph\n\n## Properties\n\n|Property|Type|Description|\n|:--|:--|:--|\n\
    |state|String|The state. Possible values are: `on`, `off`.|\n|watts|Int32|The power.|\n|hue|Int64|The hue.|\n|lit|Date|When it was lit.|\n\n\
    <!-- { \"blockType\": \"resource\", \"@odata.type\": \"microsoft.graph.lamp\" } -->\n";
const ROOM: &str = "# room resource type\n\nNamespace: microsoft.graph\n\n## Properties\n\n|Property|Type|Description|\n|:--|:--|:--|\n\
    |floor|Int32|The floor.|\n\n<!-- { \"blockType\": \"resource\", \"@odata.type\": \"microsoft.graph.room\" } -->\n";

/// Sections that require a header field and a query option.
const REQUIRED: &str = "## Request headers\n\n|Name|Description|\n|:--|:--|\n|If-Match|The tag. Required.|\n\n\
    ## Query parameters\n\n|Name|Description|\n|:--|:--|\n|room|Required. The room.|\n\n## Request body";

/// A page with bodies and nothing else.
const BODIES: &str = "# Lamp\n\n```http\nPOST https://graph.microsoft.com/v1.0/lamps\n\n{ \"a\": 1 }\n```\n\n\
    ```http\nHTTP/1.1 200 OK\n\n{ \"b\": 1 }\n```\n";

/// Where a kind of change is found.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Where {
    Contracts,
    Metadata,
    Review,
}

impl Where {
    fn name(self) -> &'static str {
        match self {
            Where::Contracts => "contracts",
            Where::Metadata => "metadata",
            Where::Review => "review",
        }
    }
}

/// What was found, and where.
#[derive(Default)]
struct Found(BTreeMap<Kind, BTreeSet<Where>>);

impl Found {
    fn add(&mut self, place: Where, kind: Kind, found: &[Kind], why: &str) {
        assert!(found.contains(&kind), "{kind} should be found in {}: {found:?} {why}", place.name());
        self.0.entry(kind).or_default().insert(place);
    }

    /// Two sets of contracts, and the review of the one contract that both have. Both find the same.
    fn pages(&mut self, kind: Kind, (old, new): (Pages<'_>, Pages<'_>)) {
        let kinds = |changes: &[crate::Change]| changes.iter().map(|own| own.kind).collect::<BTreeSet<Kind>>();
        let why = new.first().map(|(_, page)| (*page).to_owned()).unwrap_or_default();
        let of_sets = kinds(&diff_pages(old, new).changes);
        let (old, new) = (store(old), store(new));
        let contract = &new.contracts[0];
        let of_review = kinds(&changes(contract, Of::Stub, &declared_form(&old), &declared_form(&new)));
        assert_eq!(of_review, of_sets, "{kind}: a review and a comparison of sets differ: {why}");
        for place in [Where::Contracts, Where::Review] {
            self.add(place, kind, &of_sets.iter().copied().collect::<Vec<_>>(), &why);
        }
    }

    fn page(&mut self, kind: Kind, page: &str, from: &str, to: &str) {
        self.pages(kind, (&[("lamp-post.md", page)], &[("lamp-post.md", &edited(page, from, to))]));
    }

    fn resource(&mut self, kind: Kind, page: &str, from: &str, to: &str) {
        let resource = edited(RESOURCE, from, to);
        let old = [("api/lamp.md", page), ("resources/lamp.md", RESOURCE)];
        self.pages(kind, (&old, &[("api/lamp.md", page), ("resources/lamp.md", &resource)]));
    }

    /// Two sets of contracts, which a review does not compare.
    fn sets(&mut self, kind: Kind, (old, new): (Pages<'_>, Pages<'_>)) {
        let found: Vec<Kind> = diff_pages(old, new).changes.iter().map(|own| own.kind).collect();
        self.add(Where::Contracts, kind, &found, "");
    }

    fn metadata(&mut self, there: Kind, back: Kind, from: &str, to: &str) {
        let new = edited(SERVICE, from, to);
        let kinds =
            |old: &str, new: &str| diff_metadata(old, new).changes.iter().map(|own| own.kind).collect::<Vec<_>>();
        self.add(Where::Metadata, there, &kinds(SERVICE, &new), to);
        self.add(Where::Metadata, back, &kinds(&new, SERVICE), from);
    }

    /// What a live service answers to the page that sends and gets a lamp.
    fn live(&mut self, kind: Kind, from: &str, to: &str) {
        let contract = &store(&[("lamp-post.md", LAMP)]).contracts[0];
        let head = "POST https://graph.microsoft.com/v1.0/rooms/7/lamps\nroute /rooms/{room-id}/lamps\n\n{\"name\": \"a\"}\n\n";
        let form = |text: &str| NormalForm::parse(&format!("{head}{text}")).expect("a form");
        let old = "HTTP 201\ncontent-type: application/json\nlocation: /a/1\n\n{\"id\": \"[guid:1]\", \"x\": \"[guid:1]\", \"name\": \"a\", \"watts\": 60}";
        let found: Vec<Kind> =
            changes(contract, Of::Live, &form(old), &form(&edited(old, from, to))).iter().map(|own| own.kind).collect();
        self.add(Where::Review, kind, &found, to);
    }

    /// A live service answers as documented, after a drift that was accepted.
    fn healed(&mut self) {
        let contract = &store(&[("lamp-post.md", LAMP)]).contracts[0];
        let head = "POST https://graph.microsoft.com/v1.0/rooms/7/lamps\nroute /rooms/{room-id}/lamps\n\n";
        let form = |status: u16| NormalForm::parse(&format!("{head}HTTP {status}\n")).expect("a form");
        let (documented, drift) = (form(201), form(200));
        let mut found = changes(contract, Of::Live, &drift, &documented);
        mark_healed(contract, (&documented, &documented), &mut found);
        let found: Vec<Kind> = found.iter().map(|own| own.kind).collect();
        self.add(Where::Review, Kind::DocumentedAgain, &found, "");
    }
}

fn found_in_contracts(found: &mut Found) {
    let two = format!(
        "{LAMP}\n## Example 2\n\n```http\nPOST https://graph.microsoft.com/v1.0/rooms/7/lamps\n\n{{ \"name\": \"b\" }}\n```\n\n```http\nHTTP/1.1 201 Created\n```\n"
    );
    found.sets(Kind::ExampleRemoved, (&[("lamp-post.md", &two)], &[("lamp-post.md", LAMP)]));
    found.sets(Kind::ExampleAdded, (&[("lamp-post.md", LAMP)], &[("lamp-post.md", &two)]));
    found.sets(Kind::ContractRenamed, (&[("lamp-post.md", LAMP)], &[("lamp-make.md", LAMP)]));
    // What is required stands in the contract, and not in what is sent and received.
    let required = edited(LAMP, "## Request body", REQUIRED);
    let (without, with) = ([("lamp-post.md", LAMP)], [("lamp-post.md", required.as_str())]);
    found.sets(Kind::RequestHeaderRequired, (&without, &with));
    found.sets(Kind::RequestHeaderOptional, (&with, &without));
    let sends = |page: &str| edited(page, "v1.0/rooms/7/lamps\n", "v1.0/rooms/7/lamps?room=1\n");
    let (not_required, required) = (sends(LAMP), sends(&required));
    let (without, with) = ([("lamp-post.md", not_required.as_str())], [("lamp-post.md", required.as_str())]);
    found.sets(Kind::QueryOptionRequired, (&without, &with));
    found.sets(Kind::QueryOptionOptional, (&with, &without));
}

fn found_in_clouds(found: &mut Found) {
    let page = |name: &str| {
        edited(
            LAMP,
            "Makes a lamp.",
            &format!("Makes a lamp.\n\n[!INCLUDE [national-cloud-support](../../includes/{name}.md)]"),
        )
    };
    let (all, some) = (page("all-clouds"), page("global-us"));
    found.pages(Kind::CloudRemoved, (&[("lamp-post.md", &all)], &[("lamp-post.md", &some)]));
    found.pages(Kind::CloudAdded, (&[("lamp-post.md", &some)], &[("lamp-post.md", &all)]));
}

fn found_in_notices(found: &mut Found) {
    let says =
        edited(LAMP, "Makes a lamp.", "Makes a lamp.\n\nThe lamp API is deprecated and will stop returning data.");
    found.pages(Kind::Deprecated, (&[("lamp-post.md", LAMP)], &[("lamp-post.md", &says)]));
    found.pages(Kind::DeprecationChanged, (&[("lamp-post.md", &says)], &[("lamp-post.md", LAMP)]));
}

fn found_in_requests(found: &mut Found) {
    let mut lamp = |kind, from: &str, to: &str| found.page(kind, LAMP, from, to);
    lamp(Kind::OperationRemoved, "POST /houses/{id}/lamps\n", "");
    lamp(Kind::OperationAdded, "POST /houses/{id}/lamps\n", "POST /houses/{id}/lamps\nPOST /huts/{id}/lamps\n");
    lamp(Kind::RequestMemberRemoved, ",\n  \"extra\": \"x\"", "");
    lamp(Kind::RequestMemberUnshown, "\"state\": \"on\",\n  \"extra\"", "\"extra\"");
    lamp(Kind::RequestMemberAdded, "\"extra\": \"x\"", "\"extra\": \"x\", \"more\": 1");
    lamp(Kind::RequestMemberRetyped, "\"extra\": \"x\"", "\"extra\": 1");
    lamp(Kind::RequestMediaType, "Content-Type: application/json\nIf-Match", "Content-Type: text/plain\nIf-Match");
    lamp(Kind::RequestHeaderAdded, "If-Match: \"1\"\n", "If-Match: \"1\"\nX-Lamp: 1\n");
    lamp(Kind::RequestPreferenceAdded, "If-Match: \"1\"\n", "If-Match: \"1\"\nPrefer: respond-async\n");
    lamp(Kind::RequestHeaderRemoved, "If-Match: \"1\"\n", "");
    lamp(Kind::RequestHeaderChanged, "If-Match: \"1\"\n", "If-Match: \"2\"\n");
    lamp(Kind::RequestQueryChanged, "rooms/7/lamps\n", "rooms/7/lamps?$top=1\n");
    let short = edited(LAMP, "POST /houses/{id}/lamps", "POST /lamps");
    found.page(Kind::RouteRewritten, &short, "POST /lamps\n", "");
    let row = "|watts|Int32|The power.|\n";
    let required = edited(LAMP, row, &format!("{row}|hue|Int32|The hue. Required.|\n"));
    found.page(Kind::RequestMemberRequired, &required, "  \"extra\": \"x\"", "  \"hue\": 1,\n  \"extra\": \"x\"");
    let (sent, none) = ("\n{ \"a\": 1 }\n", edited(BODIES, "\n{ \"a\": 1 }\n", ""));
    found.page(Kind::RequestBodyRemoved, BODIES, sent, "");
    found.page(Kind::RequestBodyAdded, &none, "v1.0/lamps\n", &format!("v1.0/lamps\n{sent}"));
    found.page(Kind::RequestBodyRetyped, BODIES, sent, "Content-Type: text/plain\n\nsome text\n");
}

fn found_in_responses(found: &mut Found) {
    let mut lamp = |kind, from: &str, to: &str| found.page(kind, LAMP, from, to);
    lamp(Kind::StatusChanged, "201 Created", "200 OK");
    lamp(Kind::ResponseMemberRemoved, ", \"made\": \"by hand\"", "");
    lamp(
        Kind::ResponseMemberUnshown,
        "  \"watts\": 60,\n  \"state\": \"on\",\n  \"parts\"",
        "  \"state\": \"on\",\n  \"parts\"",
    );
    lamp(Kind::ResponseMemberAdded, "\"made\": \"by hand\"", "\"made\": \"by hand\", \"more\": 1");
    lamp(Kind::ResponseMemberRetyped, "\"made\": \"by hand\"", "\"made\": 1");
    lamp(Kind::ResponseMediaType, "Content-Type: application/json\nLocation", "Content-Type: text/plain\nLocation");
    lamp(Kind::ResponseHeaderAdded, "Location: /rooms/7/lamps/1\n", "Location: /rooms/7/lamps/1\nX-Made: 1\n");
    lamp(Kind::ResponseHeaderRemoved, "Location: /rooms/7/lamps/1\n", "");
    lamp(Kind::ResponseHeaderChanged, "Location: /rooms/7/lamps/1\n", "Location: /rooms/7/lamps/2\n");
    lamp(Kind::AnnotationChanged, "\"made\": \"by hand\"", "\"made\": \"by hand\", \"@odata.etag\": \"1\"");
    lamp(Kind::SampleChanged, "\"made\": \"by hand\"", "\"made\": \"by foot\"");
    let received = "  \"watts\": 60,\n  \"state\": \"on\",\n  \"parts\"";
    // Beyond what the table declares: a fraction, and a number of more than 32 bits.
    lamp(Kind::ResponseMemberRetyped, received, &received.replace("60", "60.5"));
    lamp(Kind::ResponseMemberRetyped, received, &received.replace("60", "3000000000"));
    // Its quotes are a fault of the page, and null is what nobody denies.
    lamp(Kind::SampleChanged, received, &received.replace("60", "\"60\""));
    lamp(Kind::SampleChanged, received, &received.replace("60", "null"));
    found.page(
        Kind::ResponseMemberNull,
        &edited(LAMP, "The power.", "The power. Not nullable."),
        received,
        &received.replace("60", "null"),
    );
    let point = edited(READ, "\"2024-01-01\"", "\"2024-01-01T00:00:00Z\"");
    let set = |page: &'static str| [("api/lamp.md", page), ("resources/lamp.md", RESOURCE)];
    found.pages(Kind::ResponseValueForm, (&set(READ), &[("api/lamp.md", &point), ("resources/lamp.md", RESOURCE)]));
    let (got, none) = ("\n{ \"b\": 1 }\n", edited(BODIES, "\n{ \"b\": 1 }\n", ""));
    found.page(Kind::ResponseBodyRemoved, BODIES, got, "");
    found.page(Kind::ResponseBodyAdded, &none, "200 OK\n", &format!("200 OK\n{got}"));
    found.page(Kind::ResponseBodyRetyped, BODIES, got, "\nsome text\n");
}

fn found_in_permissions(found: &mut Found) {
    let mut lamp = |kind, from: &str, to: &str| found.page(kind, LAMP, from, to);
    lamp(Kind::PermissionRemoved, "Lamp.Read, Lamp.ReadWrite", "Lamp.ReadWrite");
    lamp(Kind::PermissionRemoved, "Lamp.Read, Lamp.ReadWrite", "Lamp.Read and House.Read, Lamp.ReadWrite");
    lamp(Kind::PermissionAdded, "Lamp.Read, Lamp.ReadWrite", "Lamp.All, Lamp.Read, Lamp.ReadWrite");
    lamp(Kind::AccountRemoved, "|Application|Lamp.ReadWrite|", "|Application|Not supported.|");
    lamp(Kind::AccountAdded, "account)|Not supported.|", "account)|Lamp.Read|");
    let table = &LAMP[LAMP.find("|Permission type").expect("a table")..LAMP.find("## HTTP").expect("a section")];
    lamp(Kind::PermissionsRestated, table, "One of the following permissions is required: *Lamp.Read*.\n\n");
}

fn found_in_types(found: &mut Found) {
    let row = "|watts|Int32|The power.|\n";
    let mut lamp = |kind, from: &str, to: &str| found.page(kind, LAMP, from, to);
    lamp(Kind::PropertyRemoved, row, "");
    lamp(Kind::PropertyAdded, row, &format!("{row}|hue|Int32|The hue.|\n"));
    lamp(Kind::PropertyCase, "|watts|", "|Watts|");
    lamp(Kind::PropertyRequired, "The power.", "The power. Required.");
    lamp(Kind::PropertyRetyped, row, "|watts|Double|The power.|\n");
    lamp(Kind::PropertyTyped, row, "|watts|[a](a.md) or [b](b.md)|The power.|\n");
    lamp(Kind::PropertyNullable, "The power.", "The power. Nullable.");
    let state = "|state|String|The state.";
    lamp(Kind::PropertyEnumerated, state, "|state|[lampState](../resources/lampstate.md)|The state.");
    lamp(Kind::EnumValueRemoved, "`on`, `off`", "`on`");
    lamp(Kind::EnumValueAdded, "`on`, `off`", "`on`, `off`, `dim`");
    lamp(Kind::EvolvableEnumValueAdded, "`day`, `night`", "`day`, `dusk`, `night`");
    lamp(Kind::EnumEvolvable, "`on`, `off`", "`on`, `off`, `unknownFutureValue`");
    lamp(Kind::EnumListed, " Possible values are: `on`, `off`.", "");
    let enumerated = edited(LAMP, state, "|state|[lampState](../resources/lampstate.md)|The state.");
    found.page(Kind::PropertyNotEnumerated, &enumerated, "[lampState](../resources/lampstate.md)", "String");
    found.page(Kind::PropertyOptional, &edited(LAMP, "The power.", "The power. Required."), " Required.", "");
    found.page(Kind::PropertyNotNullable, &edited(LAMP, "The power.", "The power. Nullable."), " Nullable.", "");
    found.resource(Kind::RequestPropertyNullable, SEND, "power.", "power. Nullable.");
    found.resource(Kind::RequestEnumValueAdded, SEND, "`off`", "`off`, `dim`");
    found.resource(Kind::ResponseEnumValueRemoved, READ, ", `off`", "");
    found.resource(Kind::EnumValueCase, READ, "`off`", "`Off`");
    found.resource(Kind::NameCase, SEND, "`off`", "`Off`");
    // By direction: who sends may send more, and who receives gets a part.
    found.resource(Kind::PropertyWidened, SEND, "|watts|Int32|", "|watts|Int64|");
    found.resource(Kind::PropertyRetyped, READ, "|watts|Int32|", "|watts|Int64|");
    found.resource(Kind::PropertyRetyped, READ, "|watts|Int32|", "|watts|Decimal|");
    found.resource(Kind::PropertyRetyped, READ, "|lit|Date|", "|lit|DateTimeOffset|");
    found.resource(Kind::ResponsePropertyNarrowed, READ, "|hue|Int64|", "|hue|Int32|");
    found.resource(Kind::PropertyRetyped, SEND, "|hue|Int64|", "|hue|Int32|");
    let nullable = edited(RESOURCE, "power.", "power. Nullable.");
    let set = |resource| [("api/lamp.md", READ), ("resources/lamp.md", resource)];
    found.pages(Kind::ResponsePropertyNotNullable, (&set(&nullable), &set(RESOURCE)));
    let open = edited(RESOURCE, "graph.lamp\" }", "graph.lamp\", \"openType\": true }");
    found.pages(Kind::TypeOpened, (&set(RESOURCE), &set(&open)));
    let light = LAMP.replace("microsoft.graph.lamp", "microsoft.graph.light");
    found.pages(Kind::TypeRenamed, (&[("lamp-post.md", LAMP)], &[("lamp-post.md", &light)]));
    let room = READ.replace("microsoft.graph.lamp", "microsoft.graph.room").replace("\"hue\": 1", "\"floor\": 1");
    let both = |page| [("api/lamp.md", page), ("resources/lamp.md", RESOURCE), ("resources/room.md", ROOM)];
    found.pages(Kind::BodyTypeChanged, (&both(READ), &both(&room)));
}

fn found_in_metadata(found: &mut Found) {
    let watts = "<Property Name=\"watts\" Type=\"Edm.Int32\"/>";
    let code = |rest: &str| format!("<Property Name=\"watts\" Type=\"Edm.Int32\" {rest}");
    let computed = "<Annotation Term=\"Org.OData.Core.V1.Computed\"/></Property>";
    let mut check = |there, back, from: &str, to: &str| found.metadata(there, back, from, to);
    check(
        Kind::TypeAdded,
        Kind::TypeRemoved,
        "<EnumType Name=\"state\">",
        "<EntityType Name=\"extra\"/><EnumType Name=\"state\">",
    );
    check(Kind::TypeConcrete, Kind::TypeAbstract, " Abstract=\"true\"", "");
    check(Kind::TypeClosed, Kind::TypeOpened, " OpenType=\"true\"", "");
    let room = "<EntityType Name=\"room\" BaseType=\"s.thing\">";
    check(Kind::BaseTypeAdded, Kind::BaseTypeChanged, room, &room.replace("s.thing", "s.part"));
    check(Kind::StreamAdded, Kind::StreamRemoved, room, &room.replace(">", " HasStream=\"true\">"));
    check(
        Kind::KeyChanged,
        Kind::KeyChanged,
        "<PropertyRef Name=\"id\"/>",
        "<PropertyRef Name=\"id\"/><PropertyRef Name=\"x\"/>",
    );
    let key = "<Annotations Target=\"s.room\"><Annotation Term=\"Org.OData.Core.V1.AlternateKeys\"><Collection><Record>\
        <PropertyValue Property=\"Key\"><Collection><Record><PropertyValue Property=\"Name\" PropertyPath=\"floor\"/>\
        <PropertyValue Property=\"Alias\" String=\"floor\"/></Record></Collection></PropertyValue></Record></Collection></Annotation></Annotations>";
    check(Kind::AlternateKeyAdded, Kind::AlternateKeyRemoved, "<Annotations", &format!("{key}\n<Annotations"));
    check(Kind::PropertyRemoved, Kind::PropertyAdded, watts, "");
    check(Kind::PropertyCase, Kind::PropertyCase, "Name=\"watts\"", "Name=\"Watts\"");
    check(Kind::PropertyNotNullable, Kind::PropertyNullable, watts, &code("Nullable=\"false\"/>"));
    check(Kind::PropertyRetyped, Kind::PropertyRetyped, watts, &watts.replace("Edm.Int32", "Edm.Int64"));
    check(Kind::PropertyReadOnly, Kind::PropertyWritable, watts, &code(&format!(">{computed}")));
    check(Kind::DefaultChanged, Kind::DefaultChanged, watts, &code("DefaultValue=\"1\"/>"));
    check(Kind::PropertyNarrowed, Kind::PropertyWidened, watts, &code("MaxLength=\"4\"/>"));
    check(Kind::ContainmentChanged, Kind::ContainmentChanged, " ContainsTarget=\"true\"", "");
    check(Kind::EnumValueRemoved, Kind::EnumValueAdded, "<Member Name=\"off\" Value=\"1\"/>\n", "");
    check(Kind::EnumValueCase, Kind::EnumValueCase, "<Member Name=\"off\"", "<Member Name=\"Off\"");
    check(Kind::EnumNumberChanged, Kind::EnumNumberChanged, "Name=\"off\" Value=\"1\"", "Name=\"off\" Value=\"2\"");
    check(
        Kind::FlagsChanged,
        Kind::FlagsChanged,
        "<EnumType Name=\"state\">",
        "<EnumType Name=\"state\" IsFlags=\"true\">",
    );
    let action = &SERVICE[SERVICE.find("<Action").expect("an action")..SERVICE.find("<Function").expect("a function")];
    check(Kind::OperationRemoved, Kind::OperationAdded, action, "");
    check(Kind::OperationKindChanged, Kind::OperationKindChanged, action, &action.replace("Action", "Function"));
    check(Kind::NameCase, Kind::NameCase, "<Action Name=\"reset\"", "<Action Name=\"Reset\"");
    let hard = "<Parameter Name=\"hard\" Type=\"Edm.Boolean\"/>\n";
    check(Kind::ParameterRemoved, Kind::ParameterAdded, hard, "");
    check(Kind::ParameterRetyped, Kind::ParameterRetyped, "Type=\"Edm.Boolean\"", "Type=\"Edm.Int32\"");
    check(
        Kind::ParameterNotNullable,
        Kind::ParameterNullable,
        "Type=\"Edm.Boolean\"",
        "Type=\"Edm.Boolean\" Nullable=\"false\"",
    );
    let text = "<Parameter Name=\"text\" Type=\"Edm.String\"/>";
    check(Kind::ParameterNarrowed, Kind::ParameterWidened, text, &text.replace("/>", " MaxLength=\"4\"/>"));
    check(
        Kind::RequiredParameterAdded,
        Kind::ParameterRemoved,
        text,
        &format!("{text}<Parameter Name=\"top\" Type=\"Edm.Int32\"/>"),
    );
    let returned = "<ReturnType Type=\"s.part\" Nullable=\"false\"/>";
    check(Kind::ReturnTypeChanged, Kind::ReturnTypeChanged, returned, &returned.replace("s.part", "s.room"));
    check(Kind::ReturnNullable, Kind::ReturnNotNullable, returned, &returned.replace(" Nullable=\"false\"", ""));
    check(Kind::ComposableRemoved, Kind::ComposableAdded, " IsComposable=\"true\"", "");
    let lamps = "<EntitySet Name=\"lamps\" EntityType=\"n.lamp\"/>\n";
    check(Kind::ElementRemoved, Kind::ElementAdded, lamps, "");
    check(Kind::ElementChanged, Kind::ElementChanged, lamps, &lamps.replace("n.lamp", "n.part"));
    check(Kind::CapabilityRemoved, Kind::CapabilityAdded, "Bool=\"true\"", "Bool=\"false\"");
    let deprecated = "><Annotation Term=\"Org.OData.Core.V1.Revisions\"><Collection><Record><PropertyValue Property=\"Kind\" \
        EnumMember=\"Org.OData.Core.V1.RevisionKind/Deprecated\"/></Record></Collection></Annotation></Property>";
    check(Kind::Deprecated, Kind::DeprecationChanged, watts, &code(deprecated));
    let member = "<Member Name=\"off\" Value=\"1\"/>";
    check(
        Kind::EnumEvolvable,
        Kind::EnumValueRemoved,
        member,
        &format!("{member}<Member Name=\"unknownFutureValue\"/>"),
    );
    let day = "<Member Name=\"day\" Value=\"0\"/>";
    let state =
        "<EnumType Name=\"state\">\n<Member Name=\"on\" Value=\"0\"/>\n<Member Name=\"off\" Value=\"1\"/>\n</EnumType>";
    let defined = "<TypeDefinition Name=\"state\" UnderlyingType=\"Edm.String\"/>";
    check(Kind::TypeKindChanged, Kind::TypeKindChanged, state, defined);
    found_in_two(
        found,
        Kind::TypeRenamed,
        SERVICE,
        &SERVICE.replace("\"part\"", "\"piece\"").replace("s.part", "s.piece"),
    );
    let with = |text: &str| edited(SERVICE, watts, text);
    let required = with(&format!("{watts}<Property Name=\"tone\" Type=\"Edm.Int32\" Nullable=\"false\"/>"));
    found_in_two(found, Kind::PropertyRequired, SERVICE, &required);
    let [text, closed, evolvable] =
        ["Edm.String", "s.state", "s.mode"].map(|of_type| with(&watts.replace("Edm.Int32", of_type)));
    found_in_two(found, Kind::RequestPropertyEnumerated, &text, &closed);
    found_in_two(found, Kind::ResponsePropertyNotEnumerated, &closed, &text);
    found_in_two(found, Kind::PropertyEnumerated, &text, &evolvable);
    found_in_two(found, Kind::PropertyNotEnumerated, &evolvable, &text);
    let dusk = edited(&evolvable, day, &format!("{day}<Member Name=\"dusk\"/>"));
    found_in_two(found, Kind::EvolvableEnumValueAdded, &evolvable, &dusk);
    let read_only = |facets: &str| with(&code(&format!("{facets}>{computed}")));
    found_in_two(found, Kind::ResponsePropertyNotNullable, &read_only(""), &read_only("Nullable=\"false\""));
    found_in_two(found, Kind::ResponsePropertyNarrowed, &read_only(""), &read_only("MaxLength=\"4\""));
    let (one, other) = (read_only(""), read_only("DefaultValue=\"1\""));
    found_in_two(found, Kind::ResponseDefaultChanged, &one, &other);
    // A type that only operations return, and one that they only take.
    let in_one_direction = |operation: &str, property: &str, member: &str| {
        let types = format!(
            "<EnumType Name=\"tone\"><Member Name=\"warm\"/>{member}</EnumType><ComplexType Name=\"look\">\
             <Property Name=\"tone\" Type=\"s.tone\" {property}</ComplexType>{operation}"
        );
        edited(SERVICE, "<EntityContainer", &format!("{types}<EntityContainer"))
    };
    let returned = "<Function Name=\"seen\"><ReturnType Type=\"s.look\"/></Function>";
    let taken = "<Action Name=\"show\"><Parameter Name=\"look\" Type=\"s.look\"/></Action>";
    let [never, cold] = ["Nullable=\"false\"/>", "<Member Name=\"cold\"/>"];
    for (kind, operation, old, new) in [
        (Kind::ResponsePropertyReadOnly, returned, ("/>", ""), (&*format!(">{computed}"), "")),
        (Kind::ResponseEnumValueRemoved, returned, ("/>", cold), ("/>", "")),
        (Kind::RequestEnumValueAdded, taken, ("/>", ""), ("/>", cold)),
        (Kind::RequestPropertyNullable, taken, (never, ""), ("/>", "")),
    ] {
        let [old, new] = [old, new].map(|(property, member)| in_one_direction(operation, property, member));
        found_in_two(found, kind, &old, &new);
    }
    let defined_watts = edited(
        &with(&watts.replace("Edm.Int32", "s.power")),
        "<EnumType Name=\"state\">",
        "<TypeDefinition Name=\"power\" UnderlyingType=\"Edm.Int32\"/><EnumType Name=\"state\">",
    );
    found_in_two(found, Kind::PropertyDefined, SERVICE, &defined_watts);
    let definition = |of_type: &str| edited(SERVICE, state, &defined.replace("Edm.String", of_type));
    found_in_two(found, Kind::TypeDefinitionChanged, &definition("Edm.String"), &definition("Edm.Int32"));
    let function = |parameters: &str| edited(SERVICE, "<Parameter Name=\"text\" Type=\"Edm.String\"/>", parameters);
    let (one, other) =
        ("<Parameter Name=\"text\" Type=\"Edm.String\"/>", "<Parameter Name=\"top\" Type=\"Edm.Int32\"/>");
    let [there, back] = [format!("{one}{other}"), format!("{other}{one}")].map(|text| function(&text));
    found_in_two(found, Kind::ParametersReordered, &there, &back);
}

fn found_in_two(found: &mut Found, kind: Kind, old: &str, new: &str) {
    let kinds: Vec<Kind> = diff_metadata(old, new).changes.iter().map(|own| own.kind).collect();
    found.add(Where::Metadata, kind, &kinds, "");
}

fn found_in_one_response(found: &mut Found) {
    let contract = &store(&[("lamp-post.md", LAMP)]).contracts[0];
    found.add(Where::Review, Kind::NewContract, &[new_contract(contract).kind], "");
    found.live(Kind::ResponseMemberRepeated, "\"watts\": 60", "\"watts\": 60, \"watts\": \"[int]\"");
    found.live(Kind::ResponseHeaderForm, "/a/1", "[another value]");
    found.live(Kind::ResponseCharset, "application/json", "application/json; charset=iso-8859-1");
    found.live(Kind::ResponseLength, "60", "\"[another number of elements]\"");
    found.live(Kind::EchoLost, "\"name\": \"a\"", "\"name\": \"b\"");
    found.healed();
    found.live(Kind::IdentityChanged, "\"x\": \"[guid:1]\"", "\"x\": \"[guid:2]\"");
}

#[test]
fn each_kind_is_found_where_the_page_says() {
    let mut found = Found::default();
    found_in_contracts(&mut found);
    found_in_clouds(&mut found);
    found_in_notices(&mut found);
    found_in_requests(&mut found);
    found_in_responses(&mut found);
    found_in_permissions(&mut found);
    found_in_types(&mut found);
    found_in_metadata(&mut found);
    found_in_one_response(&mut found);
    let text = std::fs::read_to_string(project("docs/diff.md")).expect("the page");
    let (_, kinds) = text.split_once("\n## Kinds\n").expect("the section of the kinds");
    let row = |line: &str| {
        let mut cells = line.strip_prefix("| `")?.split(" | ");
        let kind = cells.next()?.strip_suffix('`')?.to_owned();
        Some((kind, cells.nth(1)?.to_owned()))
    };
    let said: BTreeMap<String, String> = kinds.lines().filter_map(row).collect();
    for kind in Kind::ALL {
        let places: Vec<&str> = found.0.get(kind).into_iter().flatten().map(|place| place.name()).collect();
        assert_eq!(said.get(kind.name()).map(String::as_str), Some(&*places.join(", ")), "{kind} in docs/diff.md");
    }
}
