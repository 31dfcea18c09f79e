namespace PeakS3Feed.Connections.Diagnosis;

/// <summary>The answer says "success", and is not one that the service would give: that of a proxy's page, for example.</summary>
internal sealed class StrangeAnswerException() : Exception("The answer has nothing of what was asked for.");
