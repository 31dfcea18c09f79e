namespace PeakS3Feed.Destinations.Delta;

/// <summary>Computes a state from actions in the order of the log. Of each kind, and of each application's progress, the last one counts.</summary>
internal sealed class DeltaStateBuilder
{
    private readonly string _root;
    private readonly DeltaCheckpoint? _checkpoint;
    private readonly Dictionary<string, DeltaTransaction> _transactions;
    private DeltaProtocol? _protocol;
    private DeltaMetadata? _metadata;

    /// <summary>Begins with nothing.</summary>
    /// <param name="root">The URI of the table's folder.</param>
    /// <param name="checkpoint">The checkpoint whose actions are added first, or null.</param>
    public DeltaStateBuilder(string root, DeltaCheckpoint? checkpoint)
        => (_root, _checkpoint, _transactions) = (root, checkpoint, new(StringComparer.Ordinal));

    /// <summary>Begins with an earlier state.</summary>
    public DeltaStateBuilder(DeltaState earlier, DeltaCheckpoint? checkpoint, string root)
    {
        (_root, _checkpoint, _protocol, _metadata) = (root, checkpoint, earlier.Protocol, earlier.Metadata);
        _transactions = new(earlier.Transactions, StringComparer.Ordinal);
    }

    /// <summary>Adds the actions of a commit.</summary>
    public void Add(IEnumerable<DeltaAction> actions)
    {
        foreach (var action in actions)
            Add(action);
    }

    /// <summary>Adds the actions of a checkpoint.</summary>
    public async Task AddAsync(IAsyncEnumerable<DeltaAction> actions)
    {
        await foreach (var action in actions)
            Add(action);
    }

    /// <summary>Returns the state at a version.</summary>
    /// <exception cref="Errors.FeedException"><c>DeltaLogInvalid</c> without protocol or metadata; <c>DeltaProtocolNewer</c>,
    /// <c>DeltaFeatureUnknown</c>.</exception>
    public DeltaState Build(long version)
    {
        var protocol = _protocol ?? throw DeltaErrors.StateMissing(_root, "protocol");
        var metadata = _metadata ?? throw DeltaErrors.StateMissing(_root, "metaData");
        DeltaFeatures.ThrowIfUnknown(_root, protocol, metadata);
        return new(version, protocol, metadata, _transactions, _checkpoint);
    }

    private void Add(DeltaAction action)
    {
        switch (action)
        {
            case DeltaProtocol protocol: _protocol = protocol; break;
            case DeltaMetadata metadata: _metadata = metadata; break;
            case DeltaTransaction transaction: _transactions[transaction.AppId] = transaction; break;
        }
    }
}
