using PeakS3Feed.Errors;
using PeakS3Feed.Feeds.Planning;
using PeakS3Feed.Rows;

namespace PeakS3Feed.Feeds.Running;

/// <summary>What reading hands to loading: some rows of an object, or that the object's rows so far do not count.</summary>
/// <param name="Id">The object's number in the plan.</param>
/// <param name="Object">The object.</param>
/// <param name="First">Whether nothing of it was handed over before.</param>
/// <param name="Last">Whether the object is whole with this.</param>
/// <param name="Batch">The rows; null when the object failed or was planned again.</param>
/// <param name="Failure">Why the object cannot be read; null with no batch means that it was planned again or left the plan.</param>
internal sealed record LoadItem(long Id, PlannedObject Object, bool First, bool Last, AssembledBatch? Batch, FeedException? Failure = null);
