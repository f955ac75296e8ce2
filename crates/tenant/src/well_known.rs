//! Objects that every tenant has, and the words by which they are addressed, wherever a page shows the word or not.

/// A folder for mail, by its well-known name in a path and by the name that it shows ("mailFolder resource type", well-known folder names).
const MAIL_FOLDERS: [(&str, &str); 17] = [
    ("archive", "Archive"),
    ("clutter", "Clutter"),
    ("conflicts", "Conflicts"),
    ("conversationhistory", "Conversation History"),
    ("deleteditems", "Deleted Items"),
    ("drafts", "Drafts"),
    ("inbox", "Inbox"),
    ("junkemail", "Junk Email"),
    ("localfailures", "Local Failures"),
    ("msgfolderroot", "Top of Information Store"),
    ("outbox", "Outbox"),
    ("recoverableitemsdeletions", "Deletions"),
    ("scheduled", "Scheduled"),
    ("searchfolders", "Search Folders"),
    ("sentitems", "Sent Items"),
    ("serverfailures", "Server Failures"),
    ("syncissues", "Sync Issues"),
];

/// A special folder of a drive, and its name ("Get a special folder by name").
const SPECIAL_FOLDERS: [(&str, &str); 5] = [
    ("documents", "Documents"),
    ("photos", "Photos"),
    ("cameraroll", "Camera Roll"),
    ("approot", "Apps"),
    ("music", "Music"),
];

/// The folders for sent mail.
pub(super) const SENT: &str = "sentitems";

/// The collection of the folders for mail, as a segment of a place.
pub(super) const MAIL: &str = "mailfolders";

/// The name that the object shows which a word addresses in a collection; `None` if the collection has no such word.
pub(super) fn well_known(collection: &str, word: &str) -> Option<&'static str> {
    if collection == MAIL { name_of(&MAIL_FOLDERS, word) } else { None }
}

/// The name of a special folder.
pub(super) fn special_folder(word: &str) -> Option<&'static str> {
    name_of(&SPECIAL_FOLDERS, word)
}

fn name_of(all: &[(&str, &'static str)], word: &str) -> Option<&'static str> {
    all.iter().find(|(own, _)| own.eq_ignore_ascii_case(word)).map(|(_, name)| *name)
}
