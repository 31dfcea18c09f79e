// The stand-in for Redshift as a program of its own: tests/servers/redshift.sh starts it.
using System.Globalization;
using PeakS3Feed.RedshiftServer;

string Setting(string name) => Environment.GetEnvironmentVariable(name) ?? throw new InvalidOperationException($"{name} is not set");

var options = new RedshiftStandInOptions(Setting("PEAKS3FEED_TEST_POSTGRES"), Setting("PEAKS3FEED_TEST_S3"))
{
    WirePort = int.Parse(args[0], CultureInfo.InvariantCulture),
    HttpPort = int.Parse(args[1], CultureInfo.InvariantCulture),
};
await using var server = await RedshiftStandIn.StartAsync(options);
Console.WriteLine(server.ConnectionString);
using var stop = new CancellationTokenSource();
Console.CancelKeyPress += (_, e) => (e.Cancel, _) = (true, stop.CancelAsync());
AppDomain.CurrentDomain.ProcessExit += (_, _) => stop.Cancel();
try
{
    await Task.Delay(Timeout.Infinite, stop.Token);
}
catch (OperationCanceledException)
{
    // Asked to stop.
}
