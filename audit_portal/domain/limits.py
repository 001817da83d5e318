"""Every length, count and size that input is held to, in one place.

Lengths count code points after NFC normalisation; sizes are bytes; durations are seconds.
"""

NAME = 200
KANA = 200
EMAIL = 254  # RFC 5321 4.5.3.1.3 (path of 256 octets with its angle brackets)
PHONE = 40
NUMBER = 40  # a reference number people type
LINE = 500
TEXT = 10_000
PASSWORD_MIN = 12
PASSWORD_MAX = 256
SIGNING_PASSPHRASE_MIN = 12
FILE_NAME = 255
PAGE = 20
AWAITING = 100  # of one kind of task that awaits a person, on the page of them all
HOME_TASKS = 10  # of them, on the home page …
HOME_UNDATED = 3  # … where so many without a date keep a place however many dates press
ITEMS = 500  # of one checklist
CLAUSES = 20  # places in contracts that one answer is tied to
CONTRACT_MONTHS = 600
CONTRACT_DAYS = 3_650
CONTRACT_DOCUMENTS = 100  # of one contract
CONTRACT_WARNING_DAYS = 90  # what ends or must be given notice of within is shown at a glance
PDF_PAGES = 100_000
SIGNATURE_CHECK_BYTES = 100 * 1024**2  # a larger PDF's signatures are not read
PREVIEW_BYTES = 32 * 1024**2  # a larger document is not read beside the form
PREVIEW_PAGES = 2_000  # of one document that is read beside the form
PREVIEW_TEXT = 20_000  # of one page of it
SOURCES = 20  # that the answers of one assessment are transcribed from
USER_CONTROLS = 200  # of one assessment
REPORT_AGE_DAYS = (
    455  # own policy: a year after its period ended a third party's report has a successor, due in 3 months
)
URL = 2_000
COMMENT = 4_000  # one comment on an item
COMMENTS_PER_ITEM = 200
ROUND = 1_000  # engagements of one round
ROUTE_STEPS = 5
CONDITIONS = 5  # of one approval
LEAD_CONFIRMATION_DAYS = 90  # a word of a contact that is older vouches for no lead
CATCH_UP_WARNING_DAYS = 30  # gates not yet shown that are due within so many days are shown at a glance
ACCEPTANCE_DAYS = 366  # a blocker is accepted for a year at most, and looked at anew then
ACCEPTANCE_WARNING_DAYS = 30  # an acceptance that ends within is shown at a glance
FISCAL_YEAR_MONTH = 4  # the month a fiscal year (会計年度) begins in, unless the company says another
PLAN_AT_ONCE = 200  # engagements put into a plan together
PLAN_YEARS = 50  # before and after the present one: a plan of another is no plan
COMMENT_MAIL_GAP = 3600  # of comments on one assessment a person is told once in this time
COMPANY_ANSWERS = 500  # of one vendor, on one page
TASKS = 50  # inside, outside, and on the line of one engagement
ROWS = 20  # places, recipients of one engagement

EVIDENCE_BYTES = 1024**3  # default of AUDIT_PORTAL_EVIDENCE_MAX
EVIDENCE_PER_ANSWER = 20
INSPECTIONS_PER_ANSWER = 20
FINDINGS_PER_ITEM = 50
FINDING_DAYS = 3_650  # from being raised to being mended
POPULATION = 1_000_000_000  # of what a sample is drawn from
SNAPSHOT_BYTES = 16 * 1024**2  # what a decision freezes: some hundred answers with long remarks are 1 MiB
FORM_BYTES = 2 * 1024**2
FORM_PARTS = 1_000
PACE_BYTES = 64 * 1024  # move, either way, in each minute that a client is waited for: 9 kbit/s
REPORT_CHECK_BYTES = 50 * 1024**2

SHEET_BYTES = 20 * 1024**2  # of a spreadsheet as uploaded
SHEET_UNPACKED = 100 * 1024**2  # of all the parts of one that are read
SHEET_PARTS = 1_000
SHEET_ROWS = 10_000  # with something in them, of one sheet
SHEET_COLUMNS = 100
SHEET_CELLS = 1_000_000  # empty ones too
SHEET_CELL = 32_767  # characters; what spreadsheets themselves hold
SHEET_MERGES = 20_000
SHEET_LIFE = 24 * 3600  # of an upload that waits for its person's word
IMPORT_QUESTIONS = 200  # of one import
EXPORT_ROWS = 50_000

SESSION_IDLE = 8 * 3600
SESSION_MAX = 24 * 3600
HALF_SIGN_IN_LIFE = 10 * 60  # from the right password to the second factor
INVITATION_LIFE = 14 * 24 * 3600
RESET_LIFE = 3600
SETUP_LIFE = 24 * 3600
READ_ENTRY_WINDOW = 15 * 60  # reading the same evidence again within this is the same ledger entry

SIGN_IN_TRIES = 10  # per account and per address, before the lock-out
SIGN_IN_LOCK = 15 * 60
RESET_TRIES = 30  # password resets asked for from one address within SIGN_IN_LOCK; an office may share one
