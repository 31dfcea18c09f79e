// The stand-in for Snowflake's SQL API as a program of its own: tests/servers/snowflake.sh starts it.
using System.Globalization;
using System.Runtime.InteropServices;
using PeakS3Feed.SnowflakeServer;

string Setting(string name) => Environment.GetEnvironmentVariable(name) ?? throw new InvalidOperationException($"{name} is not set");

var options = new SnowflakeStandInOptions(Setting("PEAKS3FEED_TEST_POSTGRES"), Setting("PEAKS3FEED_TEST_S3"))
{
    Port = int.Parse(args[0], CultureInfo.InvariantCulture),
};
await using var server = await SnowflakeStandIn.StartAsync(options);
Console.WriteLine(server.Url);
using var stop = new CancellationTokenSource();
using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
try
{
    await Task.Delay(Timeout.Infinite, stop.Token);
}
catch (OperationCanceledException)
{
    // Asked to stop.
}

void Stop(PosixSignalContext context)
{
    context.Cancel = true;
    stop.Cancel();
}
