"""What is wrong with a package in words, and what it holds as `import_package` prints it."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from lms.packages.policy.refusals import Notice, Reason, Refusal, Warned

REASONS = {
    Reason.NO_ARCHIVE: _("This is not a ZIP file."),
    Reason.DAMAGED: _("The directory of this ZIP file is damaged. Export the package again."),
    Reason.TRUNCATED: _("This ZIP file is cut off: its end is missing. Upload or copy it once more."),
    Reason.PREFIXED: _(
        "Something that is not part of the archive stands before it (%(detail)s bytes). A package is a plain ZIP file."
    ),
    Reason.TRAILING: _(
        "Something that is not part of the archive stands behind it. A package is a plain ZIP file."
    ),
    Reason.SPLIT: _("This archive is in several parts. Make one ZIP file of it."),
    Reason.ARCHIVE_TOO_LARGE: _("The ZIP file is too large (%(detail)s bytes)."),
    Reason.TOO_MANY: _("The archive holds too many files (%(detail)s)."),
    Reason.TOTAL_TOO_LARGE: _("Unpacked, the package would be too large (%(detail)s bytes)."),
    Reason.RATIO: _(
        "Unpacked, the package would be %(detail)s times as large: this is how archives are made that fill a disk."
    ),
    Reason.FILE_TOO_LARGE: _("“%(member)s” is too large (%(detail)s bytes)."),
    Reason.FILE_RATIO: _(
        "Unpacked, “%(member)s” would be %(detail)s times as large: this is how archives are made that fill a disk."
    ),
    Reason.LIES_ABOUT_SIZE: _("“%(member)s” holds more or less than the archive says (%(detail)s bytes)."),
    Reason.WRONG_CHECKSUM: _("“%(member)s” is damaged: its checksum is wrong."),
    Reason.BROKEN_DATA: _("“%(member)s” cannot be unpacked: its data are broken."),
    Reason.OVERLAP: _(
        "“%(member)s” shares its data with another file: this is how archives are made that fill a disk."
    ),
    Reason.HIDDEN: _("The archive holds data that its directory does not name (%(detail)s bytes)."),
    Reason.HEADERS_DIFFER: _("The archive says two different things about “%(member)s”."),
    Reason.ENCRYPTED: _("“%(member)s” is encrypted. A package has no password."),
    Reason.COMPRESSION: _(
        "“%(member)s” is compressed in a way that packages do not use (%(detail)s). Pack it as an ordinary ZIP file."
    ),
    Reason.SYMLINK: _("“%(member)s” is a link to another file. Pack the file itself."),
    Reason.SPECIAL_FILE: _("“%(member)s” is neither a file nor a folder."),
    Reason.NO_NAME: _("A file in the archive has no name."),
    Reason.NAME_ENCODING: _("The name “%(member)s” cannot be read. Pack the files anew with names in UTF-8."),
    Reason.CONTROL_CHARACTER: _("The name “%(member)s” holds characters that nobody sees."),
    Reason.ABSOLUTE: _("“%(member)s” begins at the root of a disk. Names in a package begin in the package."),
    Reason.DRIVE: _("“%(member)s” names a drive. Names in a package begin in the package."),
    Reason.NETWORK_NAME: _("“%(member)s” names another machine. Names in a package begin in the package."),
    Reason.BACKSLASH: _(
        "“%(member)s” is written with backslashes. Pack the files anew; folders are divided by “/”."
    ),
    Reason.ESCAPES: _("“%(member)s” leads out of the package."),
    Reason.EMPTY_PART: _("“%(member)s” has a folder without a name, or one named “.”."),
    Reason.RESERVED_NAME: _("“%(member)s” is the name of a device in Windows. Rename it."),
    Reason.RESERVED_CHARACTER: _(
        '“%(member)s” holds one of the characters < > : " | ? *, which Windows does not take. Rename it.'
    ),
    Reason.DOT_OR_SPACE_END: _(
        "A part of “%(member)s” ends with a dot or a blank, which Windows drops. Rename it."
    ),
    Reason.PATH_TOO_LONG: _("The name “%(member)s” is too long."),
    Reason.TOO_DEEP: _("“%(member)s” lies in too many folders."),
    Reason.DUPLICATE: _("“%(member)s” and “%(detail)s” are one name for some computers. Rename one of them."),
    Reason.FILE_AND_FOLDER: _("“%(member)s” is a file, and “%(detail)s” needs it to be a folder."),
    Reason.EXECUTABLE: _("“%(member)s” is a program. No content needs it; take it out."),
    Reason.UNKNOWN_ENDING: _("“%(member)s” is of a kind that learning content does not need; take it out."),
    Reason.ARCHIVE_INSIDE: _("“%(member)s” is an archive inside the archive; take it out."),
    Reason.NO_MANIFEST: _(
        "There is no manifest in the package: neither imsmanifest.xml (SCORM) nor cmi5.xml nor h5p.json."
    ),
    Reason.MANIFEST_IN_FOLDER: _(
        "The manifest lies in a folder (“%(member)s”). Pack what is in the folder, not the folder."
    ),
    Reason.AICC: _(
        "This is an AICC package (“%(member)s”), which is not played here. Export it as SCORM 1.2, SCORM 2004 or cmi5."
    ),
    Reason.TINCAN: _("This package sends xAPI without cmi5 (“%(member)s”). Export it as cmi5 or SCORM."),
    Reason.MANIFEST_TOO_LARGE: _("“%(member)s” is too large to be read as a manifest (%(detail)s bytes)."),
    Reason.ENCODING: _("“%(member)s” cannot be read in its encoding (%(detail)s). Save it in UTF-8."),
    Reason.NOT_XML: _("“%(member)s” is not well-formed XML: %(detail)s"),
    Reason.ENTITIES: _("“%(member)s” declares an entity (%(detail)s). A manifest needs none."),
    Reason.EXTERNAL_ENTITY: _(
        "“%(member)s” asks for something outside of itself (%(detail)s). A manifest needs nothing of the kind."
    ),
    Reason.XML_TOO_DEEP: _("“%(member)s” is nested too deeply."),
    Reason.XML_TOO_MANY: _("“%(member)s” holds too many elements."),
    Reason.WRONG_ROOT: _(
        "“%(member)s” begins with the element “%(detail)s”, which is not that of a manifest."
    ),
    Reason.WRONG_NAMESPACE: _(
        "“%(member)s” is written in the namespace “%(detail)s”, which belongs to no manifest known here."
    ),
    Reason.UNKNOWN_VERSION: _(
        "“%(member)s” names the version “%(detail)s”. SCORM 1.2 and SCORM 2004 (2nd to 4th edition) are played here."
    ),
    Reason.NO_ORGANISATION: _("“%(member)s” has no organisation: there is nothing to be opened."),
    Reason.NO_SCO: _("“%(member)s” names nothing that can be opened."),
    Reason.UNKNOWN_RESOURCE: _("“%(member)s” refers to “%(detail)s”, which the manifest does not have."),
    Reason.SAME_IDENTIFIER: _("The identifier “%(member)s” is used twice."),
    Reason.FOREIGN_ADDRESS: _("“%(member)s” leads out of the package. What is learned must lie in it."),
    Reason.MISSING_FILE: _("The file “%(member)s” is missing; “%(detail)s” opens it."),
    Reason.BAD_VALUE: _("“%(member)s” has a value that it cannot have: “%(detail)s”."),
    Reason.NOT_JSON: _("“%(member)s” is not JSON as it should be: %(detail)s"),
    Reason.MISSING_ENTRY: _("“%(member)s” lacks the entry “%(detail)s”."),
    Reason.MISSING_LIBRARY: _(
        "The library “%(member)s” is missing; “%(detail)s” needs it. Export the activity with its libraries."
    ),
    Reason.OTHER_KIND: _(
        "This is a package of another kind (%(member)s) than before (%(detail)s). Hand it in as a new package."
    ),
}
NOTICES = {
    Notice.LEFT_OUT: _("“%(member)s” was left by a file manager and is not unpacked."),
    Notice.ARCHIVE_KEPT: _("“%(member)s” is an archive: it is kept as a file and not opened."),
    Notice.NAMES_IN_GBK: _("The names in the archive are in GBK."),
    Notice.OTHER_ENCODING: _("“%(member)s” is not in UTF-8 but in %(detail)s."),
    Notice.NO_NAMESPACE: _("“%(member)s” names no namespace; it is read by the names of its elements."),
    Notice.NO_VERSION: _("“%(member)s” names no version; it is told from its namespaces."),
    Notice.FILE_NOT_THERE: _("“%(member)s” lists the file “%(detail)s”, which is not in the package."),
    Notice.PREREQUISITES: _(
        "“%(member)s” opens after others (%(detail)s); the order is shown and not enforced."
    ),
    Notice.UNKNOWN_DEPENDENCY: _("“%(member)s” depends on “%(detail)s”, which the manifest does not have."),
}


def refusal_words(refusal: Refusal) -> str:
    """The reason in a sentence that names what it is about."""
    return str(REASONS[refusal.reason]) % {"member": refusal.member, "detail": refusal.detail}


def notice_words(warned: Warned) -> str:
    """What is worth knowing, in a sentence."""
    return str(NOTICES[warned.notice]) % {"member": warned.member, "detail": warned.detail}
