//! Icons of the interface, as characters of the icon font. Made by `assets/fonts/subset.py`; do not edit.

// One line each; the name says what it shows.
#![allow(missing_docs, reason = "the name of the picture is all there is to say")]

pub const ACTIVITY: &str = "\u{e000}";
pub const ADDRESS_BOOK: &str = "\u{e6f8}";
pub const AIRPLANE: &str = "\u{e002}";
pub const ARCHIVE: &str = "\u{e00c}";
pub const ARROW_BEND_UP_LEFT: &str = "\u{e024}";
pub const ARROW_CLOCKWISE: &str = "\u{e036}";
pub const ARROW_COUNTER_CLOCKWISE: &str = "\u{e038}";
pub const ARROW_DOWN: &str = "\u{e03e}";
pub const ARROW_LEFT: &str = "\u{e058}";
pub const ARROW_RIGHT: &str = "\u{e06c}";
pub const ARROW_SQUARE_IN: &str = "\u{e5dc}";
pub const ARROW_SQUARE_OUT: &str = "\u{e5de}";
pub const ARROW_UP: &str = "\u{e08e}";
pub const ARROWS_CLOCKWISE: &str = "\u{e094}";
pub const ARROWS_DOWN_UP: &str = "\u{e098}";
pub const BANK: &str = "\u{e0b4}";
pub const BELL: &str = "\u{e0ce}";
pub const CALENDAR: &str = "\u{e108}";
pub const CALENDAR_X: &str = "\u{e10c}";
pub const CAMERA: &str = "\u{e10e}";
pub const CARET_DOWN: &str = "\u{e136}";
pub const CARET_LEFT: &str = "\u{e138}";
pub const CARET_RIGHT: &str = "\u{e13a}";
pub const CARET_UP: &str = "\u{e13c}";
pub const CARET_UP_DOWN: &str = "\u{e140}";
pub const CERTIFICATE: &str = "\u{e766}";
pub const CHART_BAR: &str = "\u{e150}";
pub const CHECK: &str = "\u{e182}";
pub const CHECK_CIRCLE: &str = "\u{e184}";
pub const CIRCLE: &str = "\u{e18a}";
pub const CIRCLE_HALF: &str = "\u{e18c}";
pub const CLIPBOARD: &str = "\u{e196}";
pub const CLIPBOARD_TEXT: &str = "\u{e198}";
pub const CLOCK: &str = "\u{e19a}";
pub const CLOCK_COUNTDOWN: &str = "\u{ed2c}";
pub const CLOCK_COUNTER_CLOCKWISE: &str = "\u{e1a0}";
pub const CLOUD: &str = "\u{e1aa}";
pub const CLOUD_SLASH: &str = "\u{e1b6}";
pub const CODE: &str = "\u{e1bc}";
pub const COMMAND: &str = "\u{e1c4}";
pub const COPY: &str = "\u{e1ca}";
pub const CORNERS_OUT: &str = "\u{e1d0}";
pub const CREDIT_CARD: &str = "\u{e1d2}";
pub const CURRENCY_BTC: &str = "\u{e618}";
pub const CURRENCY_CIRCLE_DOLLAR: &str = "\u{e54c}";
pub const DATABASE: &str = "\u{e1de}";
pub const DESKTOP: &str = "\u{e560}";
pub const DEVICE_MOBILE: &str = "\u{e1e0}";
pub const DEVICES: &str = "\u{eba4}";
pub const DICE_FIVE: &str = "\u{e1ee}";
pub const DOTS_SIX_VERTICAL: &str = "\u{eae2}";
pub const DOTS_THREE: &str = "\u{e1fe}";
pub const DOTS_THREE_VERTICAL: &str = "\u{e208}";
pub const DOWNLOAD_SIMPLE: &str = "\u{e20c}";
pub const ENVELOPE_SIMPLE: &str = "\u{e218}";
pub const EYE: &str = "\u{e220}";
pub const EYE_SLASH: &str = "\u{e224}";
pub const FACTORY: &str = "\u{e760}";
pub const FADERS: &str = "\u{e228}";
pub const FILE: &str = "\u{e230}";
pub const FILE_AUDIO: &str = "\u{ea20}";
pub const FILE_CODE: &str = "\u{e914}";
pub const FILE_CSV: &str = "\u{eb1c}";
pub const FILE_IMAGE: &str = "\u{ea24}";
pub const FILE_LOCK: &str = "\u{e95c}";
pub const FILE_PDF: &str = "\u{e702}";
pub const FILE_PLUS: &str = "\u{e236}";
pub const FILE_TEXT: &str = "\u{e23a}";
pub const FILE_VIDEO: &str = "\u{ea22}";
pub const FILE_ZIP: &str = "\u{e958}";
pub const FINGERPRINT: &str = "\u{e23e}";
pub const FIRST_AID_KIT: &str = "\u{e570}";
pub const FLAG: &str = "\u{e244}";
pub const FLOPPY_DISK: &str = "\u{e248}";
pub const FOLDER: &str = "\u{e24a}";
pub const FOLDER_OPEN: &str = "\u{e256}";
pub const FOLDER_SIMPLE: &str = "\u{e25a}";
pub const GEAR: &str = "\u{e270}";
pub const GEAR_SIX: &str = "\u{e272}";
pub const GIT_BRANCH: &str = "\u{e278}";
pub const GIT_DIFF: &str = "\u{e27c}";
pub const GLOBE: &str = "\u{e288}";
pub const GRAPH: &str = "\u{eb58}";
pub const HAND_POINTING: &str = "\u{e29a}";
pub const HARD_DRIVE: &str = "\u{e29e}";
pub const HARD_DRIVES: &str = "\u{e2a0}";
pub const HASH: &str = "\u{e2a2}";
pub const HEARTBEAT: &str = "\u{e2ac}";
pub const HOUSE: &str = "\u{e2c2}";
pub const HOUSE_LINE: &str = "\u{e2c4}";
pub const IDENTIFICATION_BADGE: &str = "\u{e6f6}";
pub const IDENTIFICATION_CARD: &str = "\u{e2c8}";
pub const IMAGE: &str = "\u{e2ca}";
pub const INFO: &str = "\u{e2ce}";
pub const KEY: &str = "\u{e2d6}";
pub const KEY_RETURN: &str = "\u{e782}";
pub const KEYBOARD: &str = "\u{e2d8}";
pub const LIFEBUOY: &str = "\u{e63a}";
pub const LIGHTNING: &str = "\u{e2de}";
pub const LINK: &str = "\u{e2e2}";
pub const LINK_SIMPLE: &str = "\u{e2e6}";
pub const LIST: &str = "\u{e2f0}";
pub const LIST_BULLETS: &str = "\u{e2f2}";
pub const LIST_MAGNIFYING_GLASS: &str = "\u{ebe0}";
pub const LOCK: &str = "\u{e2fa}";
pub const LOCK_KEY: &str = "\u{e2fe}";
pub const LOCK_KEY_OPEN: &str = "\u{e300}";
pub const LOCK_OPEN: &str = "\u{e306}";
pub const LOCK_SIMPLE: &str = "\u{e308}";
pub const MAGIC_WAND: &str = "\u{e6b6}";
pub const MAGNIFYING_GLASS: &str = "\u{e30c}";
pub const MAGNIFYING_GLASS_MINUS: &str = "\u{e30e}";
pub const MAGNIFYING_GLASS_PLUS: &str = "\u{e310}";
pub const MAP_PIN: &str = "\u{e316}";
pub const MINUS: &str = "\u{e32a}";
pub const MOON: &str = "\u{e330}";
pub const NOTE: &str = "\u{e348}";
pub const NOTE_PENCIL: &str = "\u{e34c}";
pub const NUMPAD: &str = "\u{e3c8}";
pub const PACKAGE: &str = "\u{e390}";
pub const PAINT_BRUSH: &str = "\u{e6f0}";
pub const PALETTE: &str = "\u{e6c8}";
pub const PAPER_PLANE_TILT: &str = "\u{e398}";
pub const PAPERCLIP: &str = "\u{e39a}";
pub const PAUSE: &str = "\u{e39e}";
pub const PENCIL_SIMPLE: &str = "\u{e3b4}";
pub const PERCENT: &str = "\u{e3b6}";
pub const PHONE: &str = "\u{e3b8}";
pub const PLUGS: &str = "\u{eb56}";
pub const PLUS: &str = "\u{e3d4}";
pub const PLUS_CIRCLE: &str = "\u{e3d6}";
pub const PRINTER: &str = "\u{e3dc}";
pub const PROHIBIT: &str = "\u{e3de}";
pub const PUSH_PIN: &str = "\u{e3e2}";
pub const QR_CODE: &str = "\u{e3e6}";
pub const QUESTION: &str = "\u{e3e8}";
pub const RECEIPT: &str = "\u{e3ec}";
pub const ROWS: &str = "\u{e5a2}";
pub const SEAL_CHECK: &str = "\u{e606}";
pub const SELECTION_ALL: &str = "\u{e746}";
pub const SHAPES: &str = "\u{ec5e}";
pub const SHARE_NETWORK: &str = "\u{e408}";
pub const SHIELD: &str = "\u{e40a}";
pub const SHIELD_CHECK: &str = "\u{e40c}";
pub const SHIELD_SLASH: &str = "\u{e410}";
pub const SHIELD_WARNING: &str = "\u{e412}";
pub const SIDEBAR_SIMPLE: &str = "\u{ec24}";
pub const SIGN_OUT: &str = "\u{e42a}";
pub const SLIDERS_HORIZONTAL: &str = "\u{e434}";
pub const SORT_ASCENDING: &str = "\u{e444}";
pub const SPINNER: &str = "\u{e66a}";
pub const STACK: &str = "\u{e466}";
pub const STAR: &str = "\u{e46a}";
pub const STOP_CIRCLE: &str = "\u{e46e}";
pub const SUBTRACT_SQUARE: &str = "\u{ebd4}";
pub const SUITCASE: &str = "\u{e5ae}";
pub const SUN: &str = "\u{e472}";
pub const SWAP: &str = "\u{e83c}";
pub const TAG: &str = "\u{e478}";
pub const TARGET: &str = "\u{e47c}";
pub const TERMINAL: &str = "\u{e47e}";
pub const TERMINAL_WINDOW: &str = "\u{eae8}";
pub const TEXT_AA: &str = "\u{e6ee}";
pub const TEXT_T: &str = "\u{e48a}";
pub const TEXTBOX: &str = "\u{eb0a}";
pub const TIMER: &str = "\u{e492}";
pub const TRANSLATE: &str = "\u{e4a2}";
pub const TRASH: &str = "\u{e4a6}";
pub const TRASH_SIMPLE: &str = "\u{e4a8}";
pub const TRAY: &str = "\u{e4aa}";
pub const TREE_STRUCTURE: &str = "\u{e67c}";
pub const UMBRELLA: &str = "\u{e684}";
pub const UPLOAD_SIMPLE: &str = "\u{e4c0}";
pub const USER: &str = "\u{e4c2}";
pub const USER_CIRCLE: &str = "\u{e4c4}";
pub const VAULT: &str = "\u{e76e}";
pub const WALLET: &str = "\u{e68a}";
pub const WARNING: &str = "\u{e4e0}";
pub const WARNING_CIRCLE: &str = "\u{e4e2}";
pub const WARNING_OCTAGON: &str = "\u{e4e4}";
pub const WIFI_HIGH: &str = "\u{e4ea}";
pub const WRENCH: &str = "\u{e5d4}";
pub const X: &str = "\u{e4f6}";
pub const X_CIRCLE: &str = "\u{e4f8}";
pub const CHECK_CIRCLE_FILL: &str = "\u{fe184}";
pub const CIRCLE_FILL: &str = "\u{fe18a}";
pub const PUSH_PIN_FILL: &str = "\u{fe3e2}";
pub const STAR_FILL: &str = "\u{fe46a}";
pub const WARNING_FILL: &str = "\u{fe4e0}";
pub const WARNING_CIRCLE_FILL: &str = "\u{fe4e2}";

/// Every icon, for the test that the fonts hold them.
pub const ALL: &[&str] = &[
    ACTIVITY,
    ADDRESS_BOOK,
    AIRPLANE,
    ARCHIVE,
    ARROW_BEND_UP_LEFT,
    ARROW_CLOCKWISE,
    ARROW_COUNTER_CLOCKWISE,
    ARROW_DOWN,
    ARROW_LEFT,
    ARROW_RIGHT,
    ARROW_SQUARE_IN,
    ARROW_SQUARE_OUT,
    ARROW_UP,
    ARROWS_CLOCKWISE,
    ARROWS_DOWN_UP,
    BANK,
    BELL,
    CALENDAR,
    CALENDAR_X,
    CAMERA,
    CARET_DOWN,
    CARET_LEFT,
    CARET_RIGHT,
    CARET_UP,
    CARET_UP_DOWN,
    CERTIFICATE,
    CHART_BAR,
    CHECK,
    CHECK_CIRCLE,
    CIRCLE,
    CIRCLE_HALF,
    CLIPBOARD,
    CLIPBOARD_TEXT,
    CLOCK,
    CLOCK_COUNTDOWN,
    CLOCK_COUNTER_CLOCKWISE,
    CLOUD,
    CLOUD_SLASH,
    CODE,
    COMMAND,
    COPY,
    CORNERS_OUT,
    CREDIT_CARD,
    CURRENCY_BTC,
    CURRENCY_CIRCLE_DOLLAR,
    DATABASE,
    DESKTOP,
    DEVICE_MOBILE,
    DEVICES,
    DICE_FIVE,
    DOTS_SIX_VERTICAL,
    DOTS_THREE,
    DOTS_THREE_VERTICAL,
    DOWNLOAD_SIMPLE,
    ENVELOPE_SIMPLE,
    EYE,
    EYE_SLASH,
    FACTORY,
    FADERS,
    FILE,
    FILE_AUDIO,
    FILE_CODE,
    FILE_CSV,
    FILE_IMAGE,
    FILE_LOCK,
    FILE_PDF,
    FILE_PLUS,
    FILE_TEXT,
    FILE_VIDEO,
    FILE_ZIP,
    FINGERPRINT,
    FIRST_AID_KIT,
    FLAG,
    FLOPPY_DISK,
    FOLDER,
    FOLDER_OPEN,
    FOLDER_SIMPLE,
    GEAR,
    GEAR_SIX,
    GIT_BRANCH,
    GIT_DIFF,
    GLOBE,
    GRAPH,
    HAND_POINTING,
    HARD_DRIVE,
    HARD_DRIVES,
    HASH,
    HEARTBEAT,
    HOUSE,
    HOUSE_LINE,
    IDENTIFICATION_BADGE,
    IDENTIFICATION_CARD,
    IMAGE,
    INFO,
    KEY,
    KEY_RETURN,
    KEYBOARD,
    LIFEBUOY,
    LIGHTNING,
    LINK,
    LINK_SIMPLE,
    LIST,
    LIST_BULLETS,
    LIST_MAGNIFYING_GLASS,
    LOCK,
    LOCK_KEY,
    LOCK_KEY_OPEN,
    LOCK_OPEN,
    LOCK_SIMPLE,
    MAGIC_WAND,
    MAGNIFYING_GLASS,
    MAGNIFYING_GLASS_MINUS,
    MAGNIFYING_GLASS_PLUS,
    MAP_PIN,
    MINUS,
    MOON,
    NOTE,
    NOTE_PENCIL,
    NUMPAD,
    PACKAGE,
    PAINT_BRUSH,
    PALETTE,
    PAPER_PLANE_TILT,
    PAPERCLIP,
    PAUSE,
    PENCIL_SIMPLE,
    PERCENT,
    PHONE,
    PLUGS,
    PLUS,
    PLUS_CIRCLE,
    PRINTER,
    PROHIBIT,
    PUSH_PIN,
    QR_CODE,
    QUESTION,
    RECEIPT,
    ROWS,
    SEAL_CHECK,
    SELECTION_ALL,
    SHAPES,
    SHARE_NETWORK,
    SHIELD,
    SHIELD_CHECK,
    SHIELD_SLASH,
    SHIELD_WARNING,
    SIDEBAR_SIMPLE,
    SIGN_OUT,
    SLIDERS_HORIZONTAL,
    SORT_ASCENDING,
    SPINNER,
    STACK,
    STAR,
    STOP_CIRCLE,
    SUBTRACT_SQUARE,
    SUITCASE,
    SUN,
    SWAP,
    TAG,
    TARGET,
    TERMINAL,
    TERMINAL_WINDOW,
    TEXT_AA,
    TEXT_T,
    TEXTBOX,
    TIMER,
    TRANSLATE,
    TRASH,
    TRASH_SIMPLE,
    TRAY,
    TREE_STRUCTURE,
    UMBRELLA,
    UPLOAD_SIMPLE,
    USER,
    USER_CIRCLE,
    VAULT,
    WALLET,
    WARNING,
    WARNING_CIRCLE,
    WARNING_OCTAGON,
    WIFI_HIGH,
    WRENCH,
    X,
    X_CIRCLE,
    CHECK_CIRCLE_FILL,
    CIRCLE_FILL,
    PUSH_PIN_FILL,
    STAR_FILL,
    WARNING_FILL,
    WARNING_CIRCLE_FILL,
];
