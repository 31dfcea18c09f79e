using Amazon.Runtime;
using Amazon.SQS;
using Amazon.SQS.Model;
using PeakS3Feed.Connections.Diagnosis;

namespace PeakS3Feed.Aws;

/// <inheritdoc/>
/// <param name="clients">The credentials of the connection. Disposed with this object.</param>
/// <param name="url">The queue's URL.</param>
/// <param name="serviceUrl">The address of the service that has the queue.</param>
/// <param name="region">The queue's region.</param>
internal sealed class QueueClient(AwsClients clients, string url, string serviceUrl, string region) : IQueueClient
{
    /// <summary>The largest number of messages of one request.</summary>
    private const int MaxMessages = 10;

    private const int MaxRenewals = 1;

    private (ImmutableCredentials? Credentials, AmazonSQSClient Client)? _current;

    public Task<IReadOnlyList<ReceivedMessage>> ReceiveAsync(TimeSpan wait, CancellationToken cancellationToken) => CallAsync<IReadOnlyList<ReceivedMessage>>(
        "Receiving messages of",
        async (client, c) =>
        {
            var request = new ReceiveMessageRequest
            {
                QueueUrl = url, MaxNumberOfMessages = MaxMessages, WaitTimeSeconds = (int)wait.TotalSeconds,
            };
            return [.. (await client.ReceiveMessageAsync(request, c)).Messages?.Select(m => new ReceivedMessage(m.MessageId, m.ReceiptHandle, m.Body)) ?? []];
        },
        cancellationToken);

    public async Task DeleteAsync(IReadOnlyList<ReceivedMessage> messages, CancellationToken cancellationToken)
    {
        if (messages.Count == 0)
            return;
        var failed = await CallAsync(
            "Deleting messages of",
            async (client, c) => (await client.DeleteMessageBatchAsync(
                new DeleteMessageBatchRequest
                {
                    QueueUrl = url, Entries = [.. messages.Select((m, i) => new DeleteMessageBatchRequestEntry($"m{i}", m.Receipt))],
                },
                c)).Failed,
            cancellationToken);
        if (failed is [var first, ..])
            throw new AmazonSQSException(first.Message ?? first.Code, ErrorType.Sender, first.Code, requestId: null, System.Net.HttpStatusCode.BadRequest);
    }

    public Task<string?> GetTagAsync(string key, CancellationToken cancellationToken) => CallAsync(
        "Reading the tags of",
        async (client, c) => (await client.ListQueueTagsAsync(new ListQueueTagsRequest { QueueUrl = url }, c)).Tags?.GetValueOrDefault(key),
        cancellationToken);

    public Task SetTagAsync(string key, string value, CancellationToken cancellationToken) => CallAsync(
        "Tagging",
        async (client, c) => await client.TagQueueAsync(new TagQueueRequest { QueueUrl = url, Tags = new(StringComparer.Ordinal) { [key] = value } }, c),
        cancellationToken);

    public void Dispose()
    {
        _current?.Client.Dispose();
        clients.Dispose();
    }

    private Task<T> CallAsync<T>(string what, Func<AmazonSQSClient, CancellationToken, Task<T>> call, CancellationToken cancellationToken)
        => clients.Calls.RunAsync(
            $"{what} {url}",
            async c =>
            {
                for (var renewals = 0; ; renewals++)
                {
                    var credentials = await clients.GetCredentialsAsync(c);
                    try
                    {
                        return await call(ClientFor(credentials), c);
                    }
                    catch (AmazonSQSException e) when (renewals < MaxRenewals && credentials is { UseToken: true } && ServiceFailure.From(e).IsSessionOver)
                    {
                        clients.Forget(credentials);
                    }
                }
            },
            cancellationToken);

    // One reader calls at a time, so the client of an earlier session is not in use.
    private AmazonSQSClient ClientFor(ImmutableCredentials? credentials)
    {
        if (_current is { } current && AwsClients.Same(current.Credentials, credentials))
            return current.Client;
        _current?.Client.Dispose();
        var config = new AmazonSQSConfig { ServiceURL = serviceUrl, AuthenticationRegion = region };
        clients.Factory.Share(config);
        var client = new AmazonSQSClient(ClientFactory.Fixed(credentials), config);
        _current = (credentials, client);
        return client;
    }
}
