using System.Globalization;
using System.Text.Json;

namespace PeakS3Feed.Connections.Policies;

/// <summary>Writes the documents as one JSON object.</summary>
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

/// <summary>
/// Writes commands that create the role, or update an existing one. Each command is one line. Documents are in single quotes and contain none, so
/// that POSIX shells and PowerShell read them in the same way.
/// </summary>
internal static class AwsCliForm
{
    public static string Render(S3FeedPolicy policy)
    {
        var role = policy.Role;
        var name = "--role-name " + Quoted(role.Name);
        var trust = Quoted(PolicyJson.Text(w => PolicyJson.Document(w, policy.Trust), indented: false));
        var permission = Quoted(PolicyJson.Text(w => PolicyJson.Document(w, policy.Permission), indented: false));
        var longest = role.LongestSession is { } session
            ? string.Create(CultureInfo.InvariantCulture, $" --max-session-duration {(int)session.TotalSeconds}")
            : "";
        var lines = new List<string>();
        if (role.Exists)
        {
            lines.Add("# The first command replaces the role's whole trust policy.");
            lines.Add($"aws iam update-assume-role-policy {name} --policy-document {trust}");
            if (longest.Length > 0)
                lines.Add($"aws iam update-role {name}{longest}");
        }
        else
        {
            lines.Add($"aws iam create-role {name}{longest} --assume-role-policy-document {trust} --query Role.Arn --output text");
        }
        lines.Add($"aws iam put-role-policy {name} --policy-name {PolicyRole.PolicyName} --policy-document {permission}");
        if (policy.Key is { } key)
        {
            lines.Add($"# For the policy of the key {policy.Connection.KmsKeyArn}, which aws kms put-key-policy replaces as a whole:");
            lines.Add("# " + PolicyJson.Text(w => PolicyJson.Statement(w, key), indented: false));
        }
        return string.Join('\n', lines);
    }

    // Neither the documents nor the names of roles contain a single quote.
    private static string Quoted(string text) => $"'{text}'";
}

/// <summary>Writes a CloudFormation template in JSON that creates the role.</summary>
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

/// <summary>Writes Terraform code that creates the role. Documents are in heredocs, which interpret templates but no backslashes.</summary>
internal static class TerraformForm
{
    public static string Render(S3FeedPolicy policy)
    {
        var role = policy.Role;
        var label = $"peaks3feed_{policy.ConnectionName}";
        var longest = role.LongestSession is { } session
            ? string.Create(CultureInfo.InvariantCulture, $"\n  max_session_duration = {(int)session.TotalSeconds}")
            : "";
        return $"""
            resource "aws_iam_role" "{label}" {"{"}
              name                 = {Quoted(role.Name)}
              path                 = {Quoted(role.Path)}{longest}
              assume_role_policy   = <<-POLICY
            {Indented(policy.TrustPolicy)}
              POLICY
            {"}"}

            resource "aws_iam_role_policy" "{label}" {"{"}
              name   = "{PolicyRole.PolicyName}"
              role   = aws_iam_role.{label}.id
              policy = <<-POLICY
            {Indented(policy.PermissionPolicy)}
              POLICY
            {"}"}

            output "{label}_role_arn" {"{"}
              value = aws_iam_role.{label}.arn
            {"}"}
            """.ReplaceLineEndings("\n");
    }

    private static string Indented(string document) => "    " + NoTemplates(document).Replace("\n", "\n    ", StringComparison.Ordinal);

    // Escapes templates as in JSON: both can occur only within strings of the JSON.
    private static string NoTemplates(string json)
        => json.Replace("${", @"\u0024{", StringComparison.Ordinal).Replace("%{", @"\u0025{", StringComparison.Ordinal);

    private static string Quoted(string text) => '"' + text
        .Replace(@"\", @"\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)
        .Replace("${", "$${", StringComparison.Ordinal).Replace("%{", "%%{", StringComparison.Ordinal) + '"';
}
