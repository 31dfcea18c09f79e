using System.Text.RegularExpressions;
using PeakS3Feed.Errors;

namespace PeakS3Feed.Connections;

/// <summary>What the ARNs of a connection must look like. Whether they exist, only AWS knows.</summary>
internal static partial class ArnRules
{
    /// <summary>All that is wrong with them.</summary>
    public static IEnumerable<DefinitionProblem> Check(S3Connection connection)
    {
        if (connection.RoleArn is { } role)
        {
            if (!RolePattern().IsMatch(role))
                yield return new(nameof(S3Connection.RoleArn), $"\"{role}\" is not the ARN of an IAM role.", "It has the form arn:aws:iam::123456789012:role/name.");
            else if (CheckPartition(connection, nameof(S3Connection.RoleArn), role) is { } foreign)
                yield return foreign;
        }
        if (connection.TrustedPrincipal is { } principal)
        {
            if (!PrincipalPattern().IsMatch(principal))
            {
                yield return new(
                    nameof(S3Connection.TrustedPrincipal), $"\"{principal}\" is not a principal that may assume a role.",
                    "Give the ARN of one user or role, without wildcards, or the number of an account.");
            }
            else if (CheckPartition(connection, nameof(S3Connection.TrustedPrincipal), principal) is { } foreign)
                yield return foreign;
        }
        if (connection.KmsKeyArn is { } key)
        {
            if (!IsKmsKey(key))
            {
                yield return new(
                    nameof(S3Connection.KmsKeyArn), $"\"{key}\" is not the ARN of a KMS key.",
                    "It has the form arn:aws:kms:region:account:key/id; a policy cannot name a key by its alias.");
            }
            else if ((CheckPartition(connection, nameof(S3Connection.KmsKeyArn), key) ?? CheckRegion(connection, key)) is { } elsewhere)
                yield return elsewhere;
        }
    }

    /// <summary>Whether a text is the ARN of a KMS key.</summary>
    public static bool IsKmsKey(string text) => KmsKeyPattern().IsMatch(text);

    private static DefinitionProblem? CheckPartition(S3Connection connection, string field, string arn)
    {
        var expected = AwsPartition.Of(connection.Region).Name;
        return !connection.IsOnAmazon || connection.Region is null || !arn.StartsWith("arn:", StringComparison.Ordinal) || Part(arn, 1) == expected ? null : new(
            field, $"\"{arn}\" is of the partition {Part(arn, 1)}, and the region {connection.Region} of {expected}.", "Nothing reaches from one partition of AWS into another.");
    }

    private static DefinitionProblem? CheckRegion(S3Connection connection, string key)
        => !connection.IsOnAmazon || connection.Region is null || Part(key, 3) == connection.Region ? null : new(
            nameof(S3Connection.KmsKeyArn), $"\"{key}\" is a key in {Part(key, 3)}, and the bucket is in {connection.Region}.", "S3 uses keys of the bucket's own region alone.");

    private static string Part(string arn, int index) => arn.Split(':')[index];

    // No wildcard, no variable, no quote. The account is empty, or a tenant's name, on other servers than Amazon's.
    [GeneratedRegex(@"\Aarn:aws(?:-[a-z]+)*:iam::[A-Za-z0-9_-]*:role/(?:[\x21-\x7E-[*?$'""\\]]{1,510}/)?[A-Za-z0-9_+=,.@-]{1,64}\z", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex RolePattern();

    [GeneratedRegex(
        @"\A(?:[0-9]{12}|arn:aws(?:-[a-z]+)*:(?:iam::[A-Za-z0-9_-]*:(?:root|(?:user|role)/[A-Za-z0-9_+=,.@:/-]{1,576})|sts::[0-9]{12}:assumed-role/[A-Za-z0-9_+=,.@-]{1,64}/[A-Za-z0-9_+=,.@-]{2,64}))\z",
        RegexOptions.CultureInvariant, 1000)]
    private static partial Regex PrincipalPattern();

    [GeneratedRegex(@"\Aarn:aws(?:-[a-z]+)*:kms:[a-z0-9-]+:[0-9]{12}:key/[A-Za-z0-9-]+\z", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex KmsKeyPattern();
}
