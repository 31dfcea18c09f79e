using System.Globalization;

namespace PeakS3Feed.Connections.Policies;

/// <summary>Writes Terraform code that creates the role. Documents are in heredocs, which interpret templates but no backslashes.</summary>
internal static class TerraformForm
{
    public static string Render(S3FeedPolicy policy)
    {
        var label = $"peaks3feed_{policy.Label}";
        var grants = Grants(label, policy);
        if (policy.Queue is { } queue)
            grants += $"\n\n{Queue(label, policy, queue)}";
        return policy.Reader is { } reader ? $"{grants}\n\n{Grant($"{label}_reader", reader)}" : grants;
    }

    private static string Grants(string label, S3FeedPolicy policy)
        => policy.Grants is [var only]
            ? Grant(label, only)
            : string.Join("\n\n", policy.Grants.Select((grant, i) => string.Create(
                CultureInfo.InvariantCulture, $"# In the account of {grant.Role!.Arn}:\n{Grant($"{label}_{i + 1}", grant)}")));

    private static string Grant(string label, PolicyGrant grant) => (grant.Role is { } role ? Role(label, role, grant) : Policy(label, grant))
        .ReplaceLineEndings("\n");

    private static string Role(string label, PolicyRole role, PolicyGrant grant)
    {
        var longest = role.LongestSession is { } session
            ? string.Create(CultureInfo.InvariantCulture, $"\n  max_session_duration = {(int)session.TotalSeconds}")
            : "";
        return $"""
            resource "aws_iam_role" "{label}" {"{"}
              name                 = {Quoted(role.Name)}
              path                 = {Quoted(role.Path)}{longest}
              assume_role_policy   = <<-POLICY
            {Indented(grant.TrustText!)}
              POLICY
            {"}"}

            resource "aws_iam_role_policy" "{label}" {"{"}
              name   = "{grant.PolicyName}"
              role   = aws_iam_role.{label}.id
              policy = <<-POLICY
            {Indented(grant.PermissionText)}
              POLICY
            {"}"}

            output "{label}_role_arn" {"{"}
              value = aws_iam_role.{label}.arn
            {"}"}
            """;
    }

    private static string Policy(string label, PolicyGrant grant) => $"""
        resource "aws_iam_policy" "{label}" {"{"}
          name   = "{grant.PolicyName}"
          policy = <<-POLICY
        {Indented(grant.PermissionText)}
          POLICY
        {"}"}

        output "{label}_policy_arn" {"{"}
          value = aws_iam_policy.{label}.arn
        {"}"}
        """;

    private static string Queue(string label, S3FeedPolicy policy, EventQueue queue) => $"""
        resource "aws_sqs_queue_policy" "{label}" {"{"}
          queue_url = {Quoted(queue.Url)}
          policy    = <<-POLICY
        {Indented(policy.QueuePolicy!)}
          POLICY
        {"}"}
        """.ReplaceLineEndings("\n");

    private static string Indented(string document) => "    " + NoTemplates(document).Replace("\n", "\n    ", StringComparison.Ordinal);

    // Escapes templates as in JSON: both can occur only within strings of the JSON.
    private static string NoTemplates(string json)
        => json.Replace("${", @"\u0024{", StringComparison.Ordinal).Replace("%{", @"\u0025{", StringComparison.Ordinal);

    private static string Quoted(string text) => '"' + text
        .Replace(@"\", @"\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)
        .Replace("${", "$${", StringComparison.Ordinal).Replace("%{", "%%{", StringComparison.Ordinal) + '"';
}
