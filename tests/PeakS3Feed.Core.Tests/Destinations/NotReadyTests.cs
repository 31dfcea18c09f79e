using Microsoft.Extensions.Logging;
using PeakS3Feed.Destinations.Loading;
using PeakS3Feed.Destinations.PostgreSql;
using PeakS3Feed.Errors;

namespace PeakS3Feed.Tests.Destinations;

/// <summary>A server that is starting is waited for, also at first contact; one that does not answer is not.</summary>
public class NotReadyTests
{
    private static readonly LoadTarget Target = new(Guid.NewGuid(), "orders", "orders");
    private static readonly CommitRetry Retry = new() { FirstDelay = TimeSpan.FromMilliseconds(1), MaxAttempts = 4 };

    [Theory]
    [InlineData("57P01", "terminating connection due to administrator command")]
    [InlineData("57P02", "terminating connection because of crash of another server process")]
    [InlineData("57P03", "the database system is starting up")]
    public async Task The_servers_words_become_an_error_of_their_own(string code, string words)
    {
        using var server = RefusingServer.WithError(code, words);
        await using var destination = Destination(server);

        var error = await Assert.ThrowsAsync<FeedException>(() => destination.OpenAsync(Target, default));

        Assert.Equal(("DestinationNotReady", code), (error.Id, error.ServiceCode));
        Assert.Equal($"PostgreSQL d on 127.0.0.1:{server.Port} is not ready: {words}.", error.Message);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_run_waits_for_a_server_that_is_starting_and_says_so_each_time(bool begun)
    {
        using var server = RefusingServer.WithError("57P03", "the database system is starting up");
        await using var destination = Destination(server);
        var lines = new Lines();
        await using var session = new SessionRetry(destination, Target, Retry, lines, TimeProvider.System);
        if (begun)
            session.BeginOpening(default);

        var error = await Assert.ThrowsAsync<FeedException>(() => session.DoAsync(_ => Task.FromResult(0), locks: false, () => false, default));

        Assert.Equal(("DestinationNotReady", 4), (error.Id, server.Contacts));
        Assert.Equal(3, lines.Written.Count);
        Assert.All(lines.Written, l => Assert.Contains("is not ready: the database system is starting up. Trying again in ", l, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_server_that_refuses_the_login_is_asked_once(bool begun)
    {
        using var server = RefusingServer.WithError("28P01", "password authentication failed");
        await using var destination = Destination(server);
        await using var session = new SessionRetry(destination, Target, Retry, new Lines(), TimeProvider.System);
        if (begun)
            session.BeginOpening(default);

        var error = await Assert.ThrowsAsync<FeedException>(() => session.DoAsync(_ => Task.FromResult(0), locks: false, () => false, default));

        Assert.Equal(("DestinationLoginRefused", 1), (error.Id, server.Contacts));
    }

    private static PostgreSqlServer Destination(RefusingServer server) => new(
        new PostgreSqlDestination { Name = "dw", Host = "127.0.0.1", Port = server.Port, Database = "d", Username = "u", SslMode = "Disable" }, "secret");

    private sealed class Lines : ILogger
    {
        public List<string> Written { get; } = [];

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (logLevel >= LogLevel.Warning)
                Written.Add(formatter(state, exception));
        }
    }
}
