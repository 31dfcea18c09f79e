using System.Text.Json;

namespace PeakS3Feed.Connections.Policies;

/// <summary>A template that makes the role, in JSON, whose strings CloudFormation searches for nothing but dynamic references.</summary>
internal static class CloudFormationForm
{
    public static string Render(S3FeedPolicy policy) => PolicyJson.Text(writer =>
    {
        writer.WriteStartObject();
        writer.WriteString("AWSTemplateFormatVersion", "2010-09-09");
        writer.WriteString("Description", $"The role of the PeakS3Feed connection {policy.ConnectionName}");
        writer.WriteStartObject("Resources");
        writer.WriteStartObject("Role");
        writer.WriteString("Type", "AWS::IAM::Role");
        writer.WritePropertyName("Properties");
        Properties(writer, policy);
        writer.WriteEndObject();
        writer.WriteEndObject();
        Outputs(writer);
        writer.WriteEndObject();
    });

    private static void Properties(Utf8JsonWriter writer, S3FeedPolicy policy)
    {
        var role = policy.Role;
        writer.WriteStartObject();
        writer.WriteString("RoleName", role.Name);
        writer.WriteString("Path", role.Path);
        if (role.LongestSession is { } longest)
            writer.WriteNumber("MaxSessionDuration", (int)longest.TotalSeconds);
        writer.WritePropertyName("AssumeRolePolicyDocument");
        PolicyJson.Document(writer, policy.Trust);
        writer.WriteStartArray("Policies");
        writer.WriteStartObject();
        writer.WriteString("PolicyName", PolicyRole.PolicyName);
        writer.WritePropertyName("PolicyDocument");
        PolicyJson.Document(writer, policy.Permission);
        writer.WriteEndObject();
        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    private static void Outputs(Utf8JsonWriter writer)
    {
        writer.WriteStartObject("Outputs");
        writer.WriteStartObject("RoleArn");
        writer.WriteStartObject("Value");
        writer.WriteStartArray("Fn::GetAtt");
        writer.WriteStringValue("Role");
        writer.WriteStringValue("Arn");
        writer.WriteEndArray();
        writer.WriteEndObject();
        writer.WriteEndObject();
        writer.WriteEndObject();
    }
}
