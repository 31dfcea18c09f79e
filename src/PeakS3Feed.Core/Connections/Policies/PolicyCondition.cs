namespace PeakS3Feed.Connections.Policies;

/// <summary>A condition of a statement. Each operator stands once in a statement.</summary>
/// <param name="Operator">How it is compared: <c>StringEquals</c>.</param>
/// <param name="Key">What is compared: <c>s3:prefix</c>.</param>
/// <param name="Values">With what; one of them must fit.</param>
internal sealed record PolicyCondition(string Operator, string Key, params IReadOnlyList<string> Values);
