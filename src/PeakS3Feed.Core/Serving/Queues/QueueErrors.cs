using PeakS3Feed.Connections;
using PeakS3Feed.Connections.Diagnosis;
using PeakS3Feed.Errors;
using PeakS3Feed.Remedies;
using PeakS3Feed.Store;
using PeakS3Feed.Triggers;
using PeakS3Feed.Triggers.Queues;

namespace PeakS3Feed.Serving.Queues;

/// <summary>The errors about queues.</summary>
internal static class QueueErrors
{
    /// <summary>A call to the queue failed.</summary>
    /// <param name="url">The queue's URL.</param>
    /// <param name="connection">The connection whose credentials signed the call.</param>
    /// <param name="trigger">A trigger of the queue that has this connection.</param>
    /// <param name="definitions">The definitions.</param>
    /// <param name="error">What the call threw. An error of this program stays as it is.</param>
    public static FeedException Failed(string url, S3Connection connection, S3FeedTrigger trigger, StoreDefinitions definitions, Exception error)
    {
        if (error is FeedException known)
            return known;
        var failure = ServiceFailure.From(error);
        var name = QueueAddress.GetName(url).Name;
        IReadOnlyList<Remedy> none = [];
        var (id, category, message, hint, remedies) = failure switch
        {
            { Kind: not FailureKind.Refused } => (
                "QueueUnreachable", FeedErrorCategory.ConnectionError, $"The queue {name} cannot be reached at {QueueAddress.GetServiceUrl(url)}: "
                    + (failure.Message.Length > 0 ? failure.Message.TrimEnd('.') + "." : $"another server answers (HTTP {failure.Status})."),
                "Check the URL of the queue, the firewall, and the proxy (HTTPS_PROXY, HTTP_PROXY and NO_PROXY).", none),
            { Code: "AWS.SimpleQueueService.NonExistentQueue" or "QueueDoesNotExist" } => (
                "QueueNotFound", FeedErrorCategory.ObjectNotFound, $"The queue {url} does not exist.",
                "Compare the URL with the one in the SQS console. It contains the region, the account and the name.",
                QueueTriggers.Replace(definitions, url)),
            { IsAboutIdentity: true } => (
                "QueueDenied", FeedErrorCategory.AuthenticationError,
                $"SQS does not accept the credentials of the connection {connection.Name}: {failure.Code}.",
                "The test of the connection says what is wrong with its credentials. They must also be valid in the region of the queue.",
                [Remedy.TestConnection(connection.Name)]),
            { IsDenial: true } => (
                "QueueDenied", FeedErrorCategory.PermissionDenied,
                $"The identity of the connection {connection.Name} may not read the queue {name}: {failure.Message.TrimEnd('.')}.",
                "Allow sqs:ReceiveMessage and sqs:DeleteMessage on the queue; for an encrypted queue, also kms:Decrypt on its key.",
                [Remedy.QueuePolicy(trigger.Name)]),
            _ => (
                "QueueFailed", FeedErrorCategory.NotSpecified,
                $"SQS answered {failure.Code ?? "an error"} (HTTP {failure.Status}) for the queue {name}: {failure.Message.TrimEnd('.')}.",
                "The provider's support can look up the request id.", none),
        };
        return new(id, category, message, error)
        {
            Target = url, Hint = hint, Remedies = remedies, ServiceCode = failure.Code, RequestId = failure.RequestId,
        };
    }
}
