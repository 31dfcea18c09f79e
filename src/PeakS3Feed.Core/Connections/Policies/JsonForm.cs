namespace PeakS3Feed.Connections.Policies;

/// <summary>The documents in one JSON object.</summary>
internal static class JsonForm
{
    public static string Render(S3FeedPolicy policy) => PolicyJson.Text(writer =>
    {
        writer.WriteStartObject();
        writer.WritePropertyName("permissionPolicy");
        PolicyJson.Document(writer, policy.Permission);
        writer.WritePropertyName("trustPolicy");
        PolicyJson.Document(writer, policy.Trust);
        if (policy.Key is { } key)
        {
            writer.WritePropertyName("keyPolicyStatement");
            PolicyJson.Statement(writer, key);
        }
        writer.WriteEndObject();
    });
}
