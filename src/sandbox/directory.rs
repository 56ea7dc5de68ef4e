//! Status and role of each user as they are now: a few exceptions laid over what the numbers say, so that a million users
//! cost nothing.

use super::message::{Refusal, refusal};
use super::story::VICTIM;
use super::users::{Selection, Users, holds};
use std::collections::BTreeMap;

/// A role: its id and name.
#[derive(Debug)]
pub struct Role {
    pub id: &'static str,
    pub name: &'static str,
}

const fn role(id: &'static str, name: &'static str) -> Role {
    Role { id, name }
}

const OWNER: &str = "0";
const ADMIN: &str = "1";
const MEMBER: &str = "2";
const HELP_DESK: &str = "Rhd7c2Xv3QmaK9";
/// The account's roles.
pub const ROLES: [Role; 4] = [
    role(OWNER, "Owner"),
    role(ADMIN, "Admin"),
    role(MEMBER, "Member"),
    role(HELP_DESK, "Help desk"),
];
/// Users who start with another role than their number gives them.
const STARTS_WITH: [(u64, &str); 2] = [(VICTIM, ADMIN), (5, HELP_DESK)];

/// A user's status and role.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Standing {
    /// `active`, `inactive` or `pending`; `deleted` for one who is gone.
    pub status: &'static str,
    /// The role's id.
    pub role: &'static str,
}

/// Status and role of all users.
#[derive(Debug)]
pub struct Directory {
    users: Users,
    /// Those whose standing is not the one that their number gives them.
    exceptions: BTreeMap<u64, Standing>,
}

/// The users of a list: those of a selection, without some and with others behind them.
#[derive(Debug)]
pub struct Chosen {
    selection: Selection,
    /// Places in the selection of those who are not meant any more, ascending.
    left: Vec<u64>,
    joined: Vec<u64>,
}

impl Directory {
    pub fn new(users: Users) -> Self {
        let status = "active";
        let exceptions = STARTS_WITH
            .into_iter()
            .filter(|(number, _)| users.status(*number) == status)
            .map(|(number, role)| (number, Standing { status, role }));
        Self {
            users,
            exceptions: exceptions.collect(),
        }
    }

    pub fn standing(&self, number: u64) -> Standing {
        let usual = Standing {
            status: self.users.status(number),
            role: if number == 0 { OWNER } else { MEMBER },
        };
        self.exceptions.get(&number).copied().unwrap_or(usual)
    }

    /// Returns the number of the user with this id or address, unless deleted.
    pub fn find(&self, name: &str) -> Result<u64, Refusal> {
        self.unless_deleted(self.users.find(name)?, name)
    }

    /// Returns the number of the user with this employee's number, unless deleted.
    pub fn find_employee(&self, name: &str) -> Result<u64, Refusal> {
        self.unless_deleted(self.users.find_employee(name)?, name)
    }

    fn unless_deleted(&self, number: u64, name: &str) -> Result<u64, Refusal> {
        if self.standing(number).status == "deleted" {
            return Err(refusal(404, 1001, &format!("User does not exist: {name}.")));
        }
        Ok(number)
    }

    fn set(&mut self, number: u64, standing: Standing) {
        self.exceptions.insert(number, standing);
    }

    /// Activates or deactivates a user.
    pub fn set_active(&mut self, number: u64, is_active: bool) -> Result<(), Refusal> {
        let before = self.standing(number);
        if before.status == "pending" {
            let message = "Invitation of the user is missing or has expired.";
            return Err(refusal(400, 1120, message));
        }

        if matches!(before.role, OWNER | ADMIN) {
            let message = "Zoom Room and Admin users' status cannot be activated or deactivated.";
            return Err(refusal(400, 200, message));
        }

        let status = if is_active { "active" } else { "inactive" };
        self.set(number, Standing { status, ..before });

        Ok(())
    }

    /// Takes a user out of the account; `disassociate` leaves the person with a Zoom account of their own.
    pub fn delete(&mut self, number: u64, disassociate: bool) -> Result<(), Refusal> {
        let before = self.standing(number);
        if matches!(before.role, OWNER | ADMIN) {
            let message = "You can not disassociate an Admin user.";
            return Err(refusal(400, 1117, message));
        }

        // A pending user can only be disassociated.
        if before.status == "pending" && !disassociate {
            let message =
                "A valid invitation to join the Zoom account was not found for this user.";
            return Err(refusal(400, 1120, message));
        }

        let status = "deleted";
        self.set(number, Standing { status, ..before });

        Ok(())
    }

    /// Gives a user a role.
    pub fn assign(&mut self, number: u64, role: &str) -> Result<(), Refusal> {
        let role = changeable(role)?;
        let before = self.standing(number);
        if before.role == OWNER {
            return Err(unchangeable());
        }
        self.set(number, Standing { role, ..before });
        Ok(())
    }

    /// Makes a user who has a role a mere member.
    pub fn unassign(&mut self, number: u64, role: &str) -> Result<(), Refusal> {
        let role = changeable(role)?;
        let before = self.standing(number);

        // Zoom says nothing of one who did not have it.
        if before.role == role {
            let role = MEMBER;
            self.set(number, Standing { role, ..before });
        }

        Ok(())
    }

    /// Chooses users by status, role and license.
    pub fn select(&self, status: &str, role: Option<&str>, license: Option<&str>) -> Chosen {
        let selection = self.users.select(status, role, license);
        let is_meant = |number: u64, standing: &Standing| {
            standing.status == status
                && role.is_none_or(|role| role == standing.role)
                && license.is_none_or(|license| holds(number, license))
        };

        let mut chosen = Chosen {
            selection,
            left: Vec::new(),
            joined: Vec::new(),
        };

        // Only the exceptions are walked through; a million others follow from their numbers.
        for (number, standing) in &self.exceptions {
            match (selection.place(*number), is_meant(*number, standing)) {
                (Some(place), false) => chosen.left.push(place),
                (None, true) => chosen.joined.push(*number),
                _ => {}
            }
        }

        chosen
    }
}

impl Chosen {
    pub const fn len(&self) -> u64 {
        self.stayed() + self.joined.len() as u64
    }

    const fn stayed(&self) -> u64 {
        self.selection.count - self.left.len() as u64
    }

    /// Returns the number of the user at `index`, which is below the length.
    pub fn number(&self, index: u64) -> u64 {
        if let Some(behind) = index.checked_sub(self.stayed()) {
            let behind = usize::try_from(behind).unwrap_or(usize::MAX);
            return self.joined.get(behind).copied().unwrap_or_default();
        }

        let place = self.left.iter().fold(
            index,
            |place, left| if place >= *left { place + 1 } else { place },
        );

        self.selection.first + place * self.selection.step
    }
}

/// Finds a role by its id.
pub fn find_role(id: &str) -> Result<&'static Role, Refusal> {
    ROLES
        .iter()
        .find(|role| role.id == id)
        .ok_or_else(|| refusal(400, 1034, "Provided `role_id` does not exist."))
}

/// Returns the id of a role that users can be given.
fn changeable(id: &str) -> Result<&'static str, Refusal> {
    match find_role(id)?.id {
        OWNER | MEMBER => Err(unchangeable()),
        id => Ok(id),
    }
}

fn unchangeable() -> Refusal {
    let message = "RoleId required. Can't delete or add members for Normal/Owner roles.";
    refusal(400, 300, message)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn numbers(chosen: &Chosen) -> Vec<u64> {
        (0..chosen.len())
            .map(|index| chosen.number(index))
            .collect()
    }

    #[test]
    fn directory_moves_users_between_lists() {
        let mut directory = Directory::new(Users::new(8));
        for number in [2, 3, 7] {
            directory.set_active(number, false).unwrap();
        }
        assert_eq!(
            numbers(&directory.select("active", None, None)),
            [0, 1, 4, 5, 6]
        );
        assert_eq!(
            numbers(&directory.select("inactive", None, None)),
            [8, 9, 2, 3, 7]
        );

        directory.set_active(9, true).unwrap();
        directory.delete(6, false).unwrap();
        assert_eq!(
            numbers(&directory.select("active", None, None)),
            [0, 1, 4, 5, 9]
        );
        assert!(directory.find("user6@example.com").is_err());
    }

    #[test]
    fn directory_lists_who_holds_a_role() {
        let mut directory = Directory::new(Users::new(8));
        let admins =
            |directory: &Directory| numbers(&directory.select("active", Some(ADMIN), None));
        assert_eq!(admins(&directory), [VICTIM]);

        directory.assign(2, ADMIN).unwrap();
        directory.unassign(VICTIM, HELP_DESK).unwrap();
        assert_eq!(admins(&directory), [2, VICTIM]);
        directory.unassign(VICTIM, ADMIN).unwrap();
        assert_eq!(admins(&directory), [2]);
        assert_eq!(numbers(&directory.select("active", Some(OWNER), None)), [0]);
        assert_eq!(
            numbers(&directory.select("active", Some(MEMBER), None)),
            [1, 3, VICTIM, 6, 7]
        );
    }

    #[test]
    fn directory_refuses_what_zoom_refuses() {
        let mut directory = Directory::new(Users::new(8));
        assert!(
            directory.set_active(VICTIM, false).is_err(),
            "an administrator"
        );
        assert!(directory.delete(0, true).is_err(), "the owner");
        assert!(directory.delete(10, false).is_err(), "a pending user");
        assert!(directory.delete(10, true).is_ok());
        assert!(directory.assign(2, OWNER).is_err());
        assert!(directory.assign(0, ADMIN).is_err());
        assert!(directory.unassign(2, "R404").is_err());
    }
}
