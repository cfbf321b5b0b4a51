// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

/// @title IDomainTypes
/// @notice Events and errors of {IDomain}, and the errors of the question "may this operator do that for this member
/// now?".
interface IDomainTypes {
    /// @notice The domain stopped taking new acts. What protects people still works: returns, releases, cancellations,
    /// withdrawals of dispenses, halts, dismissals, revocations, suspensions and the closing of sites.
    /// @param until When it ends by itself, unix seconds.
    event DomainPaused(uint32 until);

    /// @notice The pause was ended before its time.
    event DomainResumed();

    /// @notice The domain is paused. Fix: wait until `until`, or ask a holder of the emergency role to resume
    /// it.
    error DomainIsPaused(uint32 until);

    /// @notice A pause lies between now (exclusive) and `latest`. Fix: name a time within that range.
    error DomainPauseOutOfRange(uint32 until, uint32 latest);

    /// @notice The last pause is too recent: a pause may not be renewed into a shutdown. Fix: wait until `notBefore`,
    /// or let governance mend the cause.
    error DomainPauseTooSoon(uint32 notBefore);

    /// @notice No pause stands. Fix: nothing to end.
    error DomainNotPaused();

    /// @notice The extension has no code, or was made with other peers. Fix: deploy it first, with the same arguments.
    error DomainExtensionInvalid(address extension);

    /// @notice An implementation or extension was called by itself. Fix: call the proxy, whose address the deployment names.
    error DomainProxyBypassed(address body);

    /// @notice A transfer of the chain's coin. Fix: call a function, with no value.
    error DomainTakesNoCoin(address sender, uint256 value);

    /// @notice The member's admin has not appointed this operator to this duty. Fix: the admin calls `appoint`.
    error DutyNotHeld(uint32 member, bytes32 operator, uint32 duty);

    /// @notice The operator's appointment ended at `appointedUntil`. Fix: the member's admin appoints again.
    error DutyAppointmentEnded(uint32 member, bytes32 operator, uint32 appointedUntil);

    /// @notice This duty of this operator is suspended. Fix: whoever suspended it, or governance, restores it.
    error DutySuspended(uint32 member, bytes32 operator, uint32 duty);

    /// @notice The member may not exercise this duty: it is unknown or closed, or none of its sectors has the duty.
    /// Fix: governance admits it or changes its sectors.
    error DutyNotPermitted(uint32 member, uint32 duty);

    /// @notice A regulator suspended this duty of the whole member. Fix: wait until `suspendedUntil`, or governance
    /// lifts the suspension.
    error DutySuspendedForMember(uint32 member, uint32 duty, uint32 suspendedUntil);

    /// @notice No licence for this professional duty holds today. `throughDay` is the licence's last day (days since
    /// 1970-01-01 UTC, inclusive), 0 when there is none. Fix: a licensing authority licenses the operator.
    error DutyLicenceLapsed(uint32 member, bytes32 operator, uint32 duty, uint16 throughDay);
}

/// @title IDomain
/// @notice What every CareLedger contract shares: an emergency pause that ends by itself.
interface IDomain is IDomainTypes {
    /// @notice Stop taking new acts until `until`. Caller: the emergency role.
    /// @param until Unix seconds; at most 2 days ahead, and no sooner than 7 days after the last ended.
    function pause(uint32 until) external;

    /// @notice End a pause at once. Caller: the emergency role.
    function resume() external;

    /// @notice When the current or last pause ends or ended, unix seconds; 0 if there never was one.
    function pausedUntil() external view returns (uint32);
}
