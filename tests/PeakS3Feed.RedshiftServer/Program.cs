// The stand-in for Redshift as a program of its own: tests/servers/redshift.sh starts it.
using System.Globalization;
using System.Runtime.InteropServices;
using System.Security.Cryptography.X509Certificates;
using PeakS3Feed.RedshiftServer;

string Setting(string name) => Environment.GetEnvironmentVariable(name) ?? throw new InvalidOperationException($"{name} is not set");

var options = new RedshiftStandInOptions(Setting("PEAKS3FEED_TEST_POSTGRES"), Setting("PEAKS3FEED_TEST_S3"))
{
    WirePort = int.Parse(args[0], CultureInfo.InvariantCulture),
    Certificate = args.Length < 4 ? null : X509Certificate2.CreateFromPemFile(args[2], args[3]),
    HttpPort = int.Parse(args[1], CultureInfo.InvariantCulture),
};
await using var server = await RedshiftStandIn.StartAsync(options);
Console.WriteLine(server.ConnectionString);
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
