namespace PeakS3Feed.Connections.Policies;

/// <summary>One statement that allows one action.</summary>
/// <param name="Sid">Its name: letters and digits.</param>
/// <param name="Action">What is allowed.</param>
/// <param name="Resource">On what; null in a trust policy.</param>
/// <param name="Principal">To whom; null in a permission policy.</param>
/// <param name="Conditions">When: all must hold.</param>
internal sealed record PolicyStatement(string Sid, string Action, string? Resource, string? Principal, params IReadOnlyList<PolicyCondition> Conditions);
