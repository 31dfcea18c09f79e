using System.Management.Automation;
using PeakS3Feed.Connections;
using PeakS3Feed.Feeds;

namespace PeakS3Feed.Cmdlets.Pipeline;

/// <summary>Accepts a connection in place of its name.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class ConnectionNameTransformationAttribute : ArgumentTransformationAttribute
{
    public override object? Transform(EngineIntrinsics engineIntrinsics, object? inputData)
        => (inputData is PSObject wrapped ? wrapped.BaseObject : inputData) is S3Connection connection ? connection.Name : inputData;
}

/// <summary>Accepts a feed in place of its name.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class FeedNameTransformationAttribute : ArgumentTransformationAttribute
{
    public override object? Transform(EngineIntrinsics engineIntrinsics, object? inputData)
        => (inputData is PSObject wrapped ? wrapped.BaseObject : inputData) is S3Feed feed ? feed.Name : inputData;
}
