using System.Net;
using System.Net.Sockets;
using System.Text;
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
        using var server = new RefusingServer(code, words);
        await using var destination = server.Destination();

        var error = await Assert.ThrowsAsync<FeedException>(() => destination.OpenAsync(Target, default));

        Assert.Equal(("DestinationNotReady", code), (error.Id, error.ServiceCode));
        Assert.Equal($"PostgreSQL d on 127.0.0.1:{server.Port} is not ready: {words}.", error.Message);
    }

    [Fact]
    public async Task A_run_waits_for_a_server_that_is_starting_and_says_so_each_time()
    {
        using var server = new RefusingServer("57P03", "the database system is starting up");
        await using var destination = server.Destination();
        var lines = new Lines();
        await using var session = new SessionRetry(destination, Target, Retry, lines, TimeProvider.System);

        var error = await Assert.ThrowsAsync<FeedException>(() => session.DoAsync(_ => Task.FromResult(0), locks: false, () => false, default));

        Assert.Equal(("DestinationNotReady", 4), (error.Id, server.Contacts));
        Assert.Equal(3, lines.Written.Count);
        Assert.All(lines.Written, l => Assert.Contains("is not ready: the database system is starting up. Trying again in ", l, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_server_that_refuses_the_login_is_asked_once()
    {
        using var server = new RefusingServer("28P01", "password authentication failed");
        await using var destination = server.Destination();
        await using var session = new SessionRetry(destination, Target, Retry, new Lines(), TimeProvider.System);

        var error = await Assert.ThrowsAsync<FeedException>(() => session.DoAsync(_ => Task.FromResult(0), locks: false, () => false, default));

        Assert.Equal(("DestinationLoginRefused", 1), (error.Id, server.Contacts));
    }

    /// <summary>Answers each start of a session with an error, as PostgreSQL does.</summary>
    private sealed class RefusingServer : IDisposable
    {
        private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
        private readonly byte[] _answer;
        private int _contacts;

        public RefusingServer(string code, string words)
        {
            var fields = Encoding.UTF8.GetBytes($"SFATAL\0VFATAL\0C{code}\0M{words}\0\0");
            var length = fields.Length + 4;
            _answer = [(byte)'E', (byte)(length >> 24), (byte)(length >> 16), (byte)(length >> 8), (byte)length, .. fields];
            _listener.Start();
            _ = AnswerAsync();
        }

        public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

        public int Contacts => _contacts;

        public PostgreSqlServer Destination()
            => new(new PostgreSqlDestination { Name = "dw", Host = "127.0.0.1", Port = Port, Database = "d", Username = "u", SslMode = "Disable" }, "secret");

        public void Dispose() => _listener.Dispose();

        private async Task AnswerAsync()
        {
            try
            {
                while (true)
                {
                    using var client = await _listener.AcceptTcpClientAsync();
                    var stream = client.GetStream();
                    var start = new byte[4096];
                    if (await stream.ReadAsync(start) == 0)
                        continue;
                    _contacts++;
                    await stream.WriteAsync(_answer);
                }
            }
            catch (Exception e) when (e is SocketException or ObjectDisposedException or IOException)
            {
                // The test is over.
            }
        }
    }

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
