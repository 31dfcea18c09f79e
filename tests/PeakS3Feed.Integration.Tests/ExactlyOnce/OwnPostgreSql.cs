using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using PeakS3Feed.Testing;

namespace PeakS3Feed.Integration.ExactlyOnce;

/// <summary>
/// A PostgreSQL server that only the tests of one collection use, so that they may crash it and fill its disk. Made by
/// tests/servers/postgres.sh with a folder and a port of its own, and thrown away afterwards.
/// </summary>
public sealed class OwnPostgreSql : IDisposable
{
    private readonly TestFolder _folder = new();
    private readonly int _port = FreePort();
    private bool _started;

    private static string? Scripts => Environment.GetEnvironmentVariable("PEAKS3FEED_TEST_SERVERS") is { Length: > 0 } scripts ? scripts : null;

    /// <summary>Starts it if need be, and gives an Npgsql connection string; skips the test where there are no servers.</summary>
    public string Start()
    {
        Skip.If(Scripts is null, "PEAKS3FEED_TEST_SERVERS is not set");
        if (!_started)
        {
            if (!OperatingSystem.IsWindows())
                File.SetUnixFileMode(_folder.Path, (UnixFileMode)0b111_101_101); // run as root, the server is another user's
            Control("start");
        }
        _started = true;
        return string.Create(CultureInfo.InvariantCulture,
            $"Host=127.0.0.1;Port={_port};Database=peaks3feed_test;Username=peaks3feed;Password=peaks3feed-test;SSL Mode=Disable");
    }

    /// <summary>Ends all its processes at once and starts it again: a crash with recovery.</summary>
    public void Crash() => Control("restart", "immediate");

    public void Dispose()
    {
        if (_started)
            Control("stop", "immediate");
        _folder.Dispose();
    }

    private void Control(params string[] command)
    {
        var start = new ProcessStartInfo("bash", [Path.Combine(Scripts!, "postgres.sh"), .. command])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        start.Environment["PEAKS3FEED_TEST_HOME"] = _folder.Path;
        start.Environment["PEAKS3FEED_TEST_POSTGRES_PORT"] = _port.ToString(CultureInfo.InvariantCulture);
        using var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync();
        _ = process.StandardOutput.ReadToEndAsync();
        process.WaitForExit();
        if (process.ExitCode != 0)
            throw new InvalidOperationException(errors.Result);
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}

/// <summary>The tests that share the server, one after the other.</summary>
[Trait(Category.Name, Category.Server)]
[CollectionDefinition(nameof(OwnPostgreSql))]
public sealed class OwnPostgreSqlTests : ICollectionFixture<OwnPostgreSql>;
