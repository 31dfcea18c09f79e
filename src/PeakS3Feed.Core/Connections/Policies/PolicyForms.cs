using System.Globalization;
using System.Text.Json;

namespace PeakS3Feed.Connections.Policies;

/// <summary>Writes the documents as one JSON object.</summary>
internal static class JsonForm
{
    public static string Render(S3FeedPolicy policy) => PolicyJson.Text(writer =>
    {
        writer.WriteStartObject();
        if (policy.Grants is [var only])
            Documents(writer, only);
        else
            Roles(writer, policy.Grants);
        if (policy.Key is { } key)
        {
            writer.WritePropertyName("keyPolicyStatement");
            PolicyJson.Statement(writer, key);
        }
        if (policy.Reader is { } reader)
        {
            writer.WritePropertyName("readerPolicy");
            PolicyJson.Document(writer, reader.Permission);
        }
        if (policy.Bucket is { } bucket)
        {
            writer.WritePropertyName("bucketPolicyStatement");
            PolicyJson.Statement(writer, bucket);
        }
        if (policy.Queue is { } queue)
        {
            writer.WritePropertyName("queuePolicy");
            PolicyJson.Document(writer, QueueDocuments.Send(queue, policy.Connection!));
            writer.WritePropertyName("bucketNotification");
            QueueDocuments.Notification(writer, queue);
        }
        writer.WriteEndObject();
    });

    private static void Roles(Utf8JsonWriter writer, IReadOnlyList<PolicyGrant> grants)
    {
        writer.WriteStartArray("roles");
        foreach (var grant in grants)
        {
            writer.WriteStartObject();
            writer.WriteString("roleArn", grant.Role!.Arn);
            Documents(writer, grant);
            writer.WriteEndObject();
        }
        writer.WriteEndArray();
    }

    private static void Documents(Utf8JsonWriter writer, PolicyGrant grant)
    {
        writer.WritePropertyName("permissionPolicy");
        PolicyJson.Document(writer, grant.Permission);
        if (grant.Trust is not { } trust)
            return;
        writer.WritePropertyName("trustPolicy");
        PolicyJson.Document(writer, trust);
    }
}

/// <summary>
/// Writes commands that create the role, or update an existing one. Each command is one line. Documents are in single quotes and contain none, so
/// that POSIX shells and PowerShell read them in the same way.
/// </summary>
internal static class AwsCliForm
{
    public static string Render(S3FeedPolicy policy)
    {
        var lines = new List<string>();
        foreach (var grant in policy.Grants)
        {
            if (policy.Grants.Count > 1)
                lines.Add($"# In the account of {grant.Role!.Arn}:");
            var permission = Quoted(PolicyJson.Text(w => PolicyJson.Document(w, grant.Permission), indented: false));
            lines.AddRange(grant.Role is { } role
                ? Role(role, grant, permission)
                :
                [
                    $"aws iam create-policy --policy-name {grant.PolicyName} --policy-document {permission} --query Policy.Arn --output text",
                    $"# Attach the policy with that ARN to the user or role whose credentials the {Owner(policy)} uses.",
                ]);
        }
        if (policy.Key is { } key)
        {
            lines.Add($"# For the policy of the key {policy.Connection!.KmsKeyArn}, which aws kms put-key-policy replaces as a whole:");
            lines.Add("# " + PolicyJson.Text(w => PolicyJson.Statement(w, key), indented: false));
        }
        if (policy.Reader is { } reader)
        {
            lines.Add("# For engines that read the tables: attach the policy with that ARN to their role.");
            var permission = Quoted(PolicyJson.Text(w => PolicyJson.Document(w, reader.Permission), indented: false));
            lines.Add($"aws iam create-policy --policy-name {reader.PolicyName} --policy-document {permission} --query Policy.Arn --output text");
        }
        if (policy.Bucket is { } bucket)
        {
            lines.Add($"# For the policy of the bucket {policy.Connection!.BucketName}, which aws s3api put-bucket-policy replaces as a whole:");
            lines.Add("# " + PolicyJson.Text(w => PolicyJson.Statement(w, bucket), indented: false));
        }
        if (policy.Queue is { } queue)
            lines.AddRange(ForQueue(policy, queue));
        return string.Join('\n', lines);
    }

    private static string Owner(S3FeedPolicy policy) => policy.Queue is null ? "destination" : $"connection {policy.ConnectionName}";

    private static IEnumerable<string> ForQueue(S3FeedPolicy policy, EventQueue queue)
    {
        var bucket = policy.Connection!.BucketName;
        var document = PolicyJson.Text(w => PolicyJson.Document(w, QueueDocuments.Send(queue, policy.Connection)), indented: false);
        var attributes = PolicyJson.Text(
            w =>
            {
                w.WriteStartObject();
                w.WriteString("Policy", document);
                w.WriteEndObject();
            },
            indented: false);
        var notification = PolicyJson.Text(w => QueueDocuments.Notification(w, queue), indented: false);
        yield return "# The next command replaces the whole policy of the queue.";
        yield return $"aws sqs set-queue-attributes --queue-url {Quoted(queue.Url)} --attributes {Quoted(attributes)}";
        yield return $"# The next command replaces all notifications of the bucket. aws s3api get-bucket-notification-configuration --bucket {bucket} shows them.";
        yield return $"aws s3api put-bucket-notification-configuration --bucket {bucket} --notification-configuration {Quoted(notification)}";
    }

    private static IEnumerable<string> Role(PolicyRole role, PolicyGrant grant, string permission)
    {
        var name = "--role-name " + Quoted(role.Name);
        var trust = Quoted(PolicyJson.Text(w => PolicyJson.Document(w, grant.Trust!), indented: false));
        var longest = role.LongestSession is { } session
            ? string.Create(CultureInfo.InvariantCulture, $" --max-session-duration {(int)session.TotalSeconds}")
            : "";
        if (role.Exists && grant.Trust!.Denies)
        {
            // The role may trust the right principal already.
            yield return "# The role's trust policy stays as it is, because its principal is not known here.";
        }
        else if (role.Exists)
        {
            yield return "# The first command replaces the role's whole trust policy.";
            yield return $"aws iam update-assume-role-policy {name} --policy-document {trust}";
            if (longest.Length > 0)
                yield return $"aws iam update-role {name}{longest}";
        }
        else
        {
            yield return $"aws iam create-role {name}{longest} --assume-role-policy-document {trust} --query Role.Arn --output text";
        }
        yield return $"aws iam put-role-policy {name} --policy-name {grant.PolicyName} --policy-document {permission}";
    }

    // Neither the documents nor the names of roles contain a single quote.
    private static string Quoted(string text) => $"'{text}'";
}

/// <summary>
/// Writes a CloudFormation template in JSON that creates the role. If the roles of a chain belong to several accounts, the template creates in each
/// account the roles of that account.
/// </summary>
internal static class CloudFormationForm
{
    public static string Render(S3FeedPolicy policy) => PolicyJson.Text(writer =>
    {
        var resources = policy.Grants.Select((grant, i) => new Resource(
            (grant.Role is null ? "Policy" : "Role") + (policy.Grants.Count == 1 ? "" : (i + 1).ToString(CultureInfo.InvariantCulture)), grant,
            HasSeveralAccounts(policy) ? grant.Role!.Account : null)).ToList();
        if (policy.Reader is { } reader)
            resources.Add(new("ReaderPolicy", reader, Account: null));
        writer.WriteStartObject();
        writer.WriteString("AWSTemplateFormatVersion", "2010-09-09");
        writer.WriteString("Description", Description(policy));
        if (resources.Exists(r => r.Account is not null))
            Conditions(writer, resources);
        writer.WriteStartObject("Resources");
        foreach (var resource in resources)
            Body(writer, resource);
        if (policy.Queue is { } queue)
            QueueBody(writer, policy, queue);
        writer.WriteEndObject();
        writer.WriteStartObject("Outputs");
        foreach (var resource in resources)
            Output(writer, resource);
        writer.WriteEndObject();
        writer.WriteEndObject();
    });

    private static string Description(S3FeedPolicy policy) => policy.Grants switch
    {
        [{ Role: null }] => $"The permissions of the PeakS3Feed {policy.Subject}",
        [_] => $"The role of the PeakS3Feed {policy.Subject}",
        _ => $"The roles of the PeakS3Feed {policy.Subject}",
    };

    private static bool HasSeveralAccounts(S3FeedPolicy policy)
        => policy.Grants.Select(g => g.Role?.Account).Distinct(StringComparer.Ordinal).Count() > 1;

    private static void Conditions(Utf8JsonWriter writer, IEnumerable<Resource> resources)
    {
        writer.WriteStartObject("Conditions");
        foreach (var account in resources.Select(r => r.Account).OfType<string>().Distinct(StringComparer.Ordinal))
        {
            writer.WriteStartObject(ConditionName(account));
            writer.WriteStartArray("Fn::Equals");
            writer.WriteStartObject();
            writer.WriteString("Ref", "AWS::AccountId");
            writer.WriteEndObject();
            writer.WriteStringValue(account);
            writer.WriteEndArray();
            writer.WriteEndObject();
        }
        writer.WriteEndObject();
    }

    private static string ConditionName(string account) => "In" + account;

    private static void Body(Utf8JsonWriter writer, Resource resource)
    {
        writer.WriteStartObject(resource.Id);
        writer.WriteString("Type", resource.Grant.Role is null ? "AWS::IAM::ManagedPolicy" : "AWS::IAM::Role");
        if (resource.Account is { } account)
            writer.WriteString("Condition", ConditionName(account));
        writer.WriteStartObject("Properties");
        if (resource.Grant is { Role: { } role, Trust: { } trust })
            RoleProperties(writer, role, trust, resource.Grant);
        else
            PolicyProperties(writer, "ManagedPolicyName", resource.Grant);
        writer.WriteEndObject();
        writer.WriteEndObject();
    }

    private static void QueueBody(Utf8JsonWriter writer, S3FeedPolicy policy, EventQueue queue)
    {
        writer.WriteStartObject("QueuePolicy");
        writer.WriteString("Type", "AWS::SQS::QueuePolicy");
        writer.WriteStartObject("Properties");
        writer.WriteStartArray("Queues");
        writer.WriteStringValue(queue.Url);
        writer.WriteEndArray();
        writer.WritePropertyName("PolicyDocument");
        PolicyJson.Document(writer, QueueDocuments.Send(queue, policy.Connection!));
        writer.WriteEndObject();
        writer.WriteEndObject();
    }

    private static void RoleProperties(Utf8JsonWriter writer, PolicyRole role, PolicyStatement trust, PolicyGrant grant)
    {
        writer.WriteString("RoleName", role.Name);
        writer.WriteString("Path", role.Path);
        if (role.LongestSession is { } longest)
            writer.WriteNumber("MaxSessionDuration", (int)longest.TotalSeconds);
        writer.WritePropertyName("AssumeRolePolicyDocument");
        PolicyJson.Document(writer, trust);
        writer.WriteStartArray("Policies");
        writer.WriteStartObject();
        PolicyProperties(writer, "PolicyName", grant);
        writer.WriteEndObject();
        writer.WriteEndArray();
    }

    private static void PolicyProperties(Utf8JsonWriter writer, string nameKey, PolicyGrant grant)
    {
        writer.WriteString(nameKey, grant.PolicyName);
        writer.WritePropertyName("PolicyDocument");
        PolicyJson.Document(writer, grant.Permission);
    }

    private static void Output(Utf8JsonWriter writer, Resource resource)
    {
        writer.WriteStartObject(resource.Id + "Arn");
        if (resource.Account is { } account)
            writer.WriteString("Condition", ConditionName(account));
        writer.WriteStartObject("Value");
        if (resource.Grant.Role is null)
        {
            writer.WriteString("Ref", resource.Id);
        }
        else
        {
            writer.WriteStartArray("Fn::GetAtt");
            writer.WriteStringValue(resource.Id);
            writer.WriteStringValue("Arn");
            writer.WriteEndArray();
        }
        writer.WriteEndObject();
        writer.WriteEndObject();
    }

    /// <summary>A resource of the template.</summary>
    /// <param name="Id">Its logical id.</param>
    /// <param name="Grant">What it grants.</param>
    /// <param name="Account">The account that it is limited to, or null.</param>
    private sealed record Resource(string Id, PolicyGrant Grant, string? Account);
}
