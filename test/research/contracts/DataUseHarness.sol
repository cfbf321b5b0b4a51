// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

import {DataUse} from "../../../contracts/research/DataUse.sol";
import {DatasetTerms, IDataUse, RequestTerms} from "../../../contracts/research/IDataUse.sol";

/// @title DataUseHarness
/// @notice The pure library, callable from a test.
contract DataUseHarness is IDataUse {
    using DataUse for DatasetTerms;
    using DataUse for RequestTerms;

    function decide(DatasetTerms dataset, RequestTerms request) external pure returns (Decision, uint8) {
        return dataset.decide(request);
    }

    /// @notice Many decisions in one call, for the fuzzer: each a decision and a term.
    function decideAll(
        DatasetTerms[] calldata datasets,
        RequestTerms[] calldata requests
    ) external pure returns (Decision[] memory decisions, uint8[] memory terms) {
        decisions = new Decision[](datasets.length);
        terms = new uint8[](datasets.length);
        for (uint256 i; i < datasets.length; ++i) (decisions[i], terms[i]) = datasets[i].decide(requests[i]);
    }

    /// @notice Gas of one decision, without the call around it.
    function gasOfDecision(DatasetTerms dataset, RequestTerms request) external view returns (uint256) {
        uint256 before = gasleft();
        dataset.decide(request);
        return before - gasleft();
    }

    function validateDataset(DatasetTerms dataset) external pure {
        dataset.validate();
    }

    function validateRequest(RequestTerms request) external pure {
        request.validate();
    }

    function termsOfDataset(DatasetTerms dataset) external pure returns (uint48, uint16) {
        return (dataset.terms(), dataset.months());
    }

    function termsOfRequest(RequestTerms request) external pure returns (uint48, uint16, uint32) {
        return (request.terms(), request.months(), request.institution());
    }

    function datasetHas(DatasetTerms dataset, uint8 term) external pure returns (bool) {
        return dataset.has(term);
    }

    function requestHas(RequestTerms request, uint8 term) external pure returns (bool) {
        return request.has(term);
    }
}
