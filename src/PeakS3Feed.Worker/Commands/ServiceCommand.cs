using System.CommandLine;

namespace PeakS3Feed.Worker.Commands;

/// <summary><c>peaks3feed service</c></summary>
internal sealed class ServiceCommand : Command
{
    public ServiceCommand(WorkerHost host, CommonOptions common)
        : base("service", "Run the worker as a service of the system.")
        => Add(new ServicePrintCommand(host, common));
}
