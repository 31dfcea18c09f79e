using System.Globalization;

namespace PeakS3Feed.Connections.Policies;

/// <summary>HCL that makes the role. The documents stand in heredocs, where backslashes are left alone and only templates are not.</summary>
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

    // Either can only be within a string of the JSON, so JSON's own escape is read back there.
    private static string NoTemplates(string json)
        => json.Replace("${", @"\u0024{", StringComparison.Ordinal).Replace("%{", @"\u0025{", StringComparison.Ordinal);

    private static string Quoted(string text) => '"' + text
        .Replace(@"\", @"\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)
        .Replace("${", "$${", StringComparison.Ordinal).Replace("%{", "%%{", StringComparison.Ordinal) + '"';
}
