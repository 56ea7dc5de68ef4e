//! List Operation Logs: changes that administrators and users made to the account.

use crate::action::prelude::*;
use crate::zoom::model::evidence::OperationLog;

/// Lists the account's audit trail, newest month first: settings turned off, roles given, recordings deleted, and who did
/// it. It needs a Pro plan or better.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ListOperationLogs {
    /// The first day, in UTC.
    pub from: Date,
    /// The last day, in UTC; today if left empty.
    pub to: Option<Date>,
    /// List only records of this category.
    pub category_type: Option<Category>,
    /// List only changes made by the person with this email address. Zoom has no such filter: all pages are read.
    pub operator: Option<UserId>,
    /// List at most this many records; leave it empty to list all.
    pub limit: Option<Limit>,
    /// Ask Zoom for this many records per request.
    #[serde(default)]
    pub page_size: PageSize,
}

/// A category of records.
#[derive(Debug, Clone, Copy, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Category {
    /// All categories.
    All,
    /// Users.
    User,
    /// Users' settings.
    UserSettings,
    /// The account.
    Account,
    /// Billing.
    Billing,
    /// Team Chat.
    Im,
    /// Recordings.
    Recording,
    /// Phone contacts.
    PhoneContacts,
    /// Webinars.
    Webinar,
    /// Sub-accounts.
    SubAccount,
    /// Roles.
    Role,
    /// Zoom Rooms.
    ZoomRooms,
}

const LIST: Endpoint = Endpoint::new(
    Get,
    "/report/operationlogs",
    Heavy,
    &["report:read:operation_logs:admin"],
    classic::READ_REPORT,
);

impl Action for ListOperationLogs {
    const ID: &'static str = "list_operation_logs";
    const TITLE: &'static str = "List Operation Logs";
    const ENDPOINTS: Endpoints = &[LIST];
    const ROWS: &'static str = "operation_logs";
    const TABLE: Columns = &[
        ("Time", "time"),
        ("Operator", "operator"),
        ("Category", "category_type"),
        ("Action", "action"),
        ("Detail", "operation_detail"),
    ];
    type Output = List<OperationLog>;

    fn run(self, zoom: &Zoom<'_>) -> Answer<Self::Output> {
        let months = Days::new(zoom, &self.from, self.to.as_ref())?.months();

        let mut list = Pager::new(zoom, self.limit, months.len());
        if let Some(operator) = &self.operator {
            list = list.filter(field_is("operator", operator.as_str()));
        }

        for month in months {
            let query = month.given("category_type", self.category_type.map(word));
            let call = ApiCall::of(&LIST, &[], &query, Subject::List("operation logs"));
            list.read(&call, self.page_size)?;
        }
        list.finish("", "")
    }
}
